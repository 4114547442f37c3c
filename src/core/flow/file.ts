import type { DriverModel, FunctionDefinition } from '../driver';
import { CKind, Field, type SyntaxTree } from '../syntax';
import { Bounds } from './bounds';
import { textHash } from '../text-hash';
import { remembered } from '../remembered';
import { confirm } from './confirm';
import type { Diagnosis } from './diagnosis';
import { explore } from './engine';
import { Known, Op, STEP, type FlowFunction } from './ir';
import { lowerFunction } from './lower';
import { keyOf, movedDiagnoses, movedSummary, type FlowMemory, type Remembered } from './memory';
import { SlotKind } from './paths';
import { Run } from './run';
import type { Summary } from './summaries';
import { summaryOf } from './summaries';
import { reportLateTests } from './tests';

/** How deep summaries are looked for: f calls g calls h … */
const MAX_DEPTH = 24;

/** Callbacks that run where nothing may sleep, by what they are handed to. */
const ATOMIC: readonly (readonly [RegExp, string])[] = [
  [/^(?:devm_)?request_irq$|^pci_request_irq$/, 'it is an interrupt handler'],
  [/^(?:timer_setup|__?timer_setup|setup_timer|timer_setup_on_stack|DEFINE_TIMER)$/, 'it is a timer callback'],
  [/^tasklet_(?:init|setup)$|^DECLARE_TASKLET/, 'it is a tasklet'],
  [/^usb_fill_(?:bulk|int|control)_urb$/, 'it is an URB completion'],
  [/^hrtimer_(?:setup|init)(?:_on_stack)?$/, 'it is a timer callback'],
];

/**
 * Members of tables of functions that are called under a spinlock, or with interrupts off: table | members | a word of the file by which a driver
 * has it otherwise | what the file must use, as nobody else can tell whether it has. Sources: Documentation/networking/netdevices.rst, Documentation/driver-api/serial/driver.rst, kernel/irq/chip.c,
 * Documentation/sound/kernel-api/writing-an-alsa-driver.rst.
 */
const ATOMIC_MEMBERS: readonly (readonly [string, RegExp, string, string])[] = [
  ['net_device_ops', /^ndo_(?:start_xmit|set_rx_mode)$/, '', ''],
  ['uart_ops', /^(?:start_tx|stop_tx|stop_rx|set_mctrl|get_mctrl|enable_ms)$/, '', ''],
  ['irq_chip', /^irq_(?:mask|unmask|ack|mask_ack|eoi)$/, '', ''],
  ['snd_pcm_ops', /^(?:trigger|pointer)$/, 'nonatomic', 'snd_pcm_new'],
];

/** The flow analysis of one file: its functions are lowered and run once each, callees before callers. */
export class FlowFile {
  readonly bounds: Bounds;
  readonly #byName = new Map<string, FunctionDefinition>();
  readonly #runs = new Map<string, Run | undefined>();
  readonly #summaries = new Map<string, Summary>();
  readonly #atomic = new Map<string, string>();
  readonly #globals = new Map<FlowFunction, number[]>();
  readonly #links = new Map<FlowFunction, number[]>();
  readonly #releases = new Map<FlowFunction, Map<number, number>>();
  /** Tests for KUnit and self-tests let things go when they fail. */
  readonly isTest: boolean;
  readonly #hasFree: boolean;
  readonly #leavingMacros: ReadonlySet<string>;
  #depth = 0;
  /** What each function is known for now, if it is remembered or was followed. */
  readonly #kept = new Map<string, Remembered | undefined>();
  /** The functions that are being followed, with what each has asked of others. */
  readonly #asking: { name: string; callees: Map<string, string>; isWide: boolean }[] = [];

  /**
   * @param memory what an analysis of an earlier text of the document has left; it is brought up to date by `diagnoses`
   * @param asksWhoKeeps nothing is taken for kept by functions of other files, so that what callers do afterwards tells who keeps what: scripts/derive-keepers.mjs
   */
  constructor(
    readonly tree: SyntaxTree,
    readonly model: DriverModel,
    private readonly memory?: FlowMemory,
    readonly asksWhoKeeps = false,
  ) {
    this.bounds = new Bounds(tree);
    this.isTest = /<kunit\/|KUNIT_EXPECT/.test(tree.text);
    this.#leavingMacros = leavingMacros(tree);
    this.#hasFree = tree.text.includes('__free');
    for (const definition of model.functions)
      if (!this.#byName.has(definition.name)) this.#byName.set(definition.name, definition);
    for (const { kind, container, field, function: name } of model.entryPoints) {
      if (name !== null && kind === 'ops' && field !== null)
        for (const [table, members, unless, needs] of ATOMIC_MEMBERS)
          if (
            table === container &&
            members.test(field) &&
            (unless === '' || !tree.text.includes(unless)) &&
            tree.text.includes(needs)
          )
            this.#atomic.set(name, `it is ${field}() of struct ${table}, which must not sleep`);
      if (name === null || (kind !== 'irq' && kind !== 'timer' && kind !== 'work' && kind !== 'callback')) continue;
      for (const [pattern, why] of ATOMIC) if (pattern.test(container)) this.#atomic.set(name, why);
    }
    if (!memory) return;
    const facts = [this.isTest, this.#hasFree, [...this.#leavingMacros], [...this.#byName.keys()], [...this.#atomic]];
    const key = JSON.stringify(facts);
    if (memory.facts !== key) memory.functions = new Map();
    memory.facts = key;
    memory.followed = 0;
  }

  /** What all functions of the file show. */
  diagnoses(): Diagnosis[] {
    if (isNoDriver(this.tree.text)) return [];
    const all: Diagnosis[] = [];
    for (const definition of this.model.functions) {
      const { name, node } = definition;
      if (this.#byName.get(name) !== definition) continue; // the other side of an #if
      const kept = this.#remembered(name);
      if (kept) all.push(...movedDiagnoses(kept.diagnoses, node));
      else all.push(...(this.runOf(name)?.diagnoses ?? []));
    }
    if (this.memory) {
      const functions = new Map<string, Remembered>();
      for (const [name, kept] of this.#kept) if (kept) functions.set(name, kept);
      this.memory.functions = functions;
    }
    return all;
  }

  /** What an earlier analysis has left of a function, if its text is the same and what it calls is the same to it. */
  #remembered(name: string): Remembered | undefined {
    if (!this.memory || this.#kept.has(name) || this.#runs.has(name)) return this.#kept.get(name);
    const kept = this.memory.functions.get(name);
    if (kept?.text !== this.#hashOf(name)) return undefined;
    this.#kept.set(name, kept); // for functions that call each other
    for (const [callee, key] of kept.callees)
      if (keyOf(this.summaryOf(callee)) !== key) {
        this.#kept.delete(name);
        this.#summaries.delete(name);
        return undefined;
      }
    return kept;
  }

  #hashOf(name: string): string {
    const definition = this.#byName.get(name);
    return definition ? textHash(this.tree.text, definition.start, definition.end) : '';
  }

  /** Keeps what was found of a function, unless it depends on the text of others. */
  #keep(
    name: string,
    definition: FunctionDefinition,
    run: Run,
    asked: { callees: ReadonlyMap<string, string>; isWide: boolean },
  ): void {
    if (!this.memory) return;
    this.memory.followed++;
    const { node } = definition;
    const isInside = (at: number) => at >= node && at < this.tree.nexts[node]!;
    const isOwn = run.diagnoses.every((one) => isInside(one.node) && one.related.every((place) => isInside(place.node)));
    if (asked.isWide || !isOwn) return;
    const summary = this.summaryOf(name);
    this.#kept.set(name, {
      text: this.#hashOf(name),
      diagnoses: movedDiagnoses(run.diagnoses, -node),
      summary: summary && movedSummary(summary, -node),
      key: keyOf(summary),
      callees: asked.callees,
    });
  }

  /** The function that is being followed asks for something that the text of other functions decides. */
  looksAround(): void {
    for (const asking of this.#asking) asking.isWide = true;
  }

  /** The analysis of a function of the file; undefined if it is none, is too large, or is being analysed. */
  runOf(name: string): Run | undefined {
    if (this.#runs.has(name)) return this.#runs.get(name);
    const definition = this.#byName.get(name);
    this.#runs.set(name, undefined);
    if (!definition || this.tree.hasError(definition.node) || this.#depth > MAX_DEPTH) return undefined;
    const f = lowerFunction(
      this.tree,
      name,
      definition.node,
      definition.body,
      this.isVariable,
      this.#hasFree,
      this.#leavingMacros,
    );
    if (!f) return undefined;
    const run = new Run(this, f, this.#atomic.get(name) ?? '');
    if (!isOfInterest(f)) return undefined;
    const asked = { name, callees: new Map<string, string>(), isWide: false };
    this.#asking.push(asked);
    this.#depth++;
    explore(run);
    this.#depth--;
    confirm(run);
    reportLateTests(run);
    this.#runs.set(name, run);
    this.#asking.pop();
    this.#keep(name, definition, run, asked);
    return run;
  }

  /** What callers need to know of a function of the file. */
  summaryOf(name: string): Summary | undefined {
    const definition = this.#byName.get(name);
    if (!definition) return undefined;
    let summary = this.#summaries.get(name);
    if (!summary) {
      const kept = this.#remembered(name);
      if (kept) summary = kept.summary && movedSummary(kept.summary, definition.node);
      else {
        const run = this.runOf(name);
        summary = run && summaryOf(run);
      }
      if (summary) this.#summaries.set(name, summary);
    }
    if (!this.memory) return summary;
    // Functions that call each other: what they know of each other depends on who was asked first.
    if (this.#asking.some((asking) => asking.name === name)) this.looksAround();
    this.#asking.at(-1)?.callees.set(name, keyOf(summary));
    return summary;
  }

  private readonly isVariable = (name: string): boolean => !this.#byName.has(name) && !isConstantName(name);

  /** Slots of variables of file scope, which any function may change. */
  globalsOf(f: FlowFunction): readonly number[] {
    let globals = this.#globals.get(f);
    if (!globals) {
      globals = [];
      for (let slot = Known.count as number; slot < f.slots.size; slot++)
        if (f.slots.kinds[slot] === (SlotKind.global as number)) globals.push(slot);
      this.#globals.set(f, globals);
    }
    return globals;
  }

  /** Whether what platform_get_resource() finds is known to be there: the file makes the device, or the probe has asked before. */
  providesResources(name: string): boolean {
    this.looksAround();
    return (
      !/probe|init|parse|setup|map|get/.test(name) ||
      /platform_device_(?:alloc|add_resources|register)|platform_create_bundle/.test(this.tree.text)
    );
  }

  /** Slots of list links: what hangs there changes when an entry is taken out anywhere. */
  linksOf(f: FlowFunction): readonly number[] {
    let links = this.#links.get(f);
    if (!links) {
      links = [];
      for (let slot = Known.count as number; slot < f.slots.size; slot++)
        if (
          f.slots.kinds[slot] === (SlotKind.field as number) &&
          /^(?:->|\.)(?:next|prev|first|head|tail)$/.test(f.slots.names[slot]!)
        )
          links.push(slot);
      this.#links.set(f, links);
    }
    return links;
  }

  /** Whether the text gives the object in `slot` back after instruction `at`: then no call before took it over for good. */
  releasedLater(f: FlowFunction, slot: number, at: number): boolean {
    let releases = this.#releases.get(f);
    if (!releases) {
      releases = new Map();
      for (let i = 0; i < f.code.length; i += STEP) {
        if (f.code[i] !== (Op.call as number)) continue;
        const call = f.calls[f.code[i + 1]!]!;
        const takes = call.api?.takes;
        const given = takes ? call.slots[takes.argument] : undefined;
        if (given !== undefined) releases.set(given, i);
        if (!call.api)
          for (const argument of this.#summaries.get(call.name)?.frees.keys() ?? []) releases.set(call.slots[argument] ?? 0, i);
      }
      this.#releases.set(f, releases);
    }
    return (releases.get(slot) ?? -1) > at;
  }
}

/** A program of the build, not of the kernel. */
const isNoDriver = (text: string): boolean =>
  (text.includes('<std') || text.includes('<unistd.h>')) && /^#include\s*<(?:stdio|stdlib|unistd)\.h>/m.test(text);

const isConstantName = remembered((name) => /^[A-Z][A-Z0-9_]*$/.test(name));

/** Functions beyond this many blocks are followed only if they use what the rules speak of. */
const LARGE = 150;

/** Whether a function has anything that a rule could speak of. */
function isOfInterest(f: FlowFunction): boolean {
  if (f.blocks.length < LARGE) return true;
  return f.calls.some(
    ({ api }) => api !== undefined && (api.takes ?? api.gives ?? api.fails ?? api.lock ?? api.outside) !== undefined,
  );
}

/** Function-like macros of the file whose text has a return or goto. */
function leavingMacros(tree: SyntaxTree): ReadonlySet<string> {
  const names = new Set<string>();
  for (let node = 1; node < tree.size; node = tree.nexts[node]!) {
    if (tree.kinds[node] !== (CKind.preproc_function_def as number)) continue;
    if (/\b(?:return|goto)\b/.test(tree.textOf(node))) names.add(tree.textOf(tree.childByField(node, Field.name)));
  }
  return names;
}
