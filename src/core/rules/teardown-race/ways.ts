import type { DriverModel, EntryPoint } from '../../driver';
import { CKind, type SyntaxTree } from '../../syntax';
import type { AgentCall } from './armed';
import type { Mentions } from './closure';

/** Callbacks by which a framework, or whoever has the device open, ends what was begun: what they stop is stopped before the data goes. */
const ENDING =
  /close|stop|release|shutdown|down|disconnect|remove|exit|free|disable|destroy|unbind|fini|cleanup|clean|detach|unregister|deinit|uninit|del|off|set_power|s_power|s_stream|mode|state|status|enable|reset|suspend|event|notif|flush|unprepare|kill|cancel|abort|bias|level|jack|freeze|error|dtr/i;
/** Tables whose callbacks come while the device is in use, and not because it goes. */
const IN_USE = /^(?:irq_chip|gpio_chip)$/;
/** libata's freeze() is no sleep, and the device mapper suspends a target before it destroys it. */
const sleeps = ({ kind, container }: EntryPoint) => kind === 'pm' && !/_operations$|^target_type$/.test(container);
/** What runs by itself ends nothing for good. */
const runsByItself = ({ kind }: EntryPoint) => kind === 'work' || kind === 'timer';
/** Nor do interrupts, and who reads or writes an attribute. */
const comesAtAnyTime = ({ kind }: EntryPoint) => kind === 'irq' || kind === 'sysfs';
/** Who opens stops what may be left of the last time, or what was begun in vain. */
const OPENS = /_open$/;
/** What a function that fails returns. */
const FAILURE =
  /^\s*(?:return\s+(?:-E\w+|-\d+|ret|rc|err|error|r|res|retval|result|status|PTR_ERR\b[^;]*|NULL|false)\s*;|goto\s)/;
const SUCCESS = /\breturn\s+(?:0|\w*dev\w*|\w+->\w+|true)\s*;/;

type Reached = Record<'asleep' | 'probing' | 'removed' | 'others' | 'all' | 'aside' | 'awake', ReadonlySet<string>>;

/** By which ways the functions of a file are reached: on the way out, or on others. */
export class Ways {
  #reached: Reached | undefined;

  constructor(
    private readonly tree: SyntaxTree,
    private readonly model: DriverModel,
    private readonly mentions: Mentions,
  ) {}

  private get reached(): Reached {
    return (this.#reached ??= this.reach());
  }

  private reach(): Reached {
    const names = (is: (point: EntryPoint) => boolean) =>
      this.model.entryPoints.flatMap((point) => (point.function !== null && is(point) ? [point.function] : []));
    const entered = (is: (point: EntryPoint) => boolean, except?: ReadonlySet<string>) =>
      this.mentions.closure(names(is), except);
    // Who sets an agent up names its callback, but does not call it.
    const handedOn = new Set(
      names(runsByItself).filter((name) => this.tree.text.match(new RegExp(`\\b${name}\\s*\\(`, 'g'))?.length === 1),
    );
    return {
      asleep: entered(sleeps),
      removed: entered(({ kind }) => kind === 'remove', handedOn),
      probing: entered(({ kind }) => kind === 'probe'),
      others: entered(
        (point) =>
          !sleeps(point) &&
          !runsByItself(point) &&
          point.kind !== 'probe' &&
          !IN_USE.test(point.container) &&
          !comesAtAnyTime(point) &&
          (point.kind !== 'ops' || ENDING.test(`${point.field ?? ''} ${point.function}`)),
      ),
      all: entered(() => true),
      aside: entered((point) => sleeps(point) || runsByItself(point)),
      awake: entered((point) => !sleeps(point) && !runsByItself(point), handedOn),
    };
  }

  /**
   * The waiting stop is on the way to sleep, where the setting up fails, or in a callback that ends nothing: not on the way out.
   * @param started where the agent is started: a function that stops what it has started itself ends it for good
   */
  isElsewhere(stop: AgentCall, started: readonly AgentCall[]): boolean {
    const { function: name, name: by } = stop;
    const { asleep, probing, removed, others, all } = this.reached;
    if (by.startsWith('devm_')) return false;
    if (OPENS.test(name) && !removed.has(name)) return true;
    if (others.has(name)) return false;
    if (probing.has(name) && this.isWhereItFails(stop)) return true;
    if (this.model.entryPoints.some((point) => point.function === name && comesAtAnyTime(point))) return true;
    const startsItself = started.some((start) => this.mentions.closure([name]).has(start.function));
    const isProbe = this.model.entryPoints.some((point) => point.kind === 'probe' && point.function === name);
    if (startsItself && !isProbe) return false;
    return (
      asleep.has(name) ||
      (all.has(name) && (this.model.entryPoints.some((point) => point.function === name) || !this.isHandedOn(name)))
    );
  }

  /** None of the waiting stops is on the way out. */
  areElsewhere(stops: readonly AgentCall[], started: readonly AgentCall[]): boolean {
    return stops.every((stop) => this.isElsewhere(stop, started));
  }

  /** The function is entered to sleep, or runs by itself, and on no other way. */
  isAside(name: string): boolean {
    const { aside, awake } = this.reached;
    return aside.has(name) && !awake.has(name);
  }

  /** What follows a stop is the return of an error: in a branch, or under a label behind the return of success. */
  private isWhereItFails({ node, function: name }: AgentCall): boolean {
    const { tree, model } = this;
    const definition = model.functions.find((one) => one.name === name);
    if (!definition) return false;
    let statement = node;
    while (statement !== definition.body && tree.kinds[statement] !== (CKind.expression_statement as number))
      statement = tree.parents[statement]!;
    const rest = tree.text.slice(tree.ends[statement], definition.end);
    const way = /\b(?:return|goto)\b/.exec(rest);
    if (!way || !FAILURE.test(rest.slice(way.index))) return false;
    const isNested = tree.parents[statement] !== definition.body;
    return isNested || SUCCESS.test(tree.text.slice(definition.start, tree.starts[statement]));
  }

  /** The function is kept or handed on by its name: who calls it when, the text does not say. */
  private isHandedOn(name: string): boolean {
    return new RegExp(`(?:[=,(]|&)\\s*${name}\\s*[,;)}]`).test(this.tree.text);
  }
}
