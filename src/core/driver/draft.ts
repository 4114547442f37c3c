import { readAttributeMacro, type AttributeMacro } from './attributes';
import { readMacro, type LocalMacro } from './local-macros';
import type { CNameKind, DriverModel, EntryPoint } from './model';
import { NameFlag } from './names';
import { Scope } from './scope';
import { calleeShape, type CalleeShape } from './shapes';
import type { Sink } from './sinks';
import type { Survey } from './survey';

/** The model while the second pass makes it. */
export class Draft {
  readonly scope: Scope;
  private readonly entryPoints: EntryPoint[] = [];
  private readonly apis: DriverModel['apis'] = [];
  private readonly places = new Map<number, EntryPoint>();
  /** Functions that macros of the file define. */
  readonly defined = new Set<string>();
  private readonly weak: Omit<EntryPoint, 'definition'>[] = [];
  /** Calls of macros that the file does not define, outside of functions or in initializers. */
  readonly macroCalls: number[] = [];
  /** Where parameters of functions of the file go (handed-on.ts); null for nowhere. */
  readonly handedOn = new Map<number, Sink | null>();
  /** How interesting macros of the file are (expansions.ts), by name number. */
  readonly interests = new Map<number, number>();
  private readonly macros = new Map<number, LocalMacro | undefined>();
  private readonly shapes: (CalleeShape | undefined)[] = [];

  private readonly attributeMacros = new Map<string, AttributeMacro>();
  private readonly wordShapes = new Map<string, CalleeShape>();
  private budget: number;

  constructor(readonly survey: Survey) {
    this.budget = 100_000 + 50 * survey.tree.size;
    this.scope = new Scope(survey);
  }

  /** Adds an entry point, unless the same function already has one at the same place. */
  enter(point: Omit<EntryPoint, 'definition'>): void {
    const there = this.places.get(point.start);
    if (there && (there.function === point.function || this.isKnown(point))) return;
    const entryPoint = { ...point, definition: point.function === null ? null : this.definitionOf(point.function) };
    if (!there) this.places.set(point.start, entryPoint);
    this.entryPoints.push(entryPoint);
  }

  /** Adds an entry point that counts only if its function has no other: what is handed to a call that rather takes back a function. */
  enterUnlessKnown(point: Omit<EntryPoint, 'definition'>): void {
    this.weak.push(point);
  }

  /** Names of the functions that have an entry point so far. */
  enteredFunctions(): Set<string | null> {
    return new Set(this.entryPoints.map((point) => point.function));
  }

  /** Takes note that a macro of the file defines the function `name`. */
  define(name: string): void {
    this.defined.add(name);
    const { names } = this.survey;
    const known = names.find(name);
    if (known >= 0) names.flags[known]! |= NameFlag.function | NameFlag.used;
  }

  /** Adds a use of a kernel name. */
  use(name: string, kind: CNameKind, start: number, end: number): void {
    this.apis.push({ name, kind, start, end });
  }

  /** The macro that the file defines as `name` (a name number). */
  macro(name: number): LocalMacro | undefined {
    if (!this.survey.macros.has(name)) return undefined;
    if (!this.macros.has(name)) this.macros.set(name, readMacro(this.survey, name));
    return this.macros.get(name);
  }

  /** What a callee named `name` (a name number) does. */
  shapeOf(name: number): CalleeShape {
    return (this.shapes[name] ??= calleeShape(this.survey.names.textOf(name)));
  }

  /** The same of any word, such as one in a macro's body. */
  shapeOfWord(word: string): CalleeShape {
    let shape = this.wordShapes.get(word);
    if (shape === undefined) this.wordShapes.set(word, (shape = calleeShape(word)));
    return shape;
  }

  /** What the name of the attribute macro `macro` says. */
  attributeMacro(macro: string): AttributeMacro {
    let known = this.attributeMacros.get(macro);
    if (!known) this.attributeMacros.set(macro, (known = readAttributeMacro(macro)));
    return known;
  }

  /**
   * Whether a search of `steps` more nodes or tokens is affordable. Searches of other functions and of macros' bodies are short in
   * code that people write, but text that means harm (or nothing) could make them quadratic.
   */
  spend(steps: number): boolean {
    this.budget -= steps;
    return this.budget > 0;
  }

  finish(): DriverModel {
    if (this.weak.length > 0) {
      const entered = this.enteredFunctions();
      for (const point of this.weak) if (!entered.has(point.function)) this.enter(point);
    }
    this.entryPoints.sort((a, b) => a.start - b.start);
    // Uses come in text order but for the fields, which are found at their values.
    let sorted = true;
    for (let i = 1; i < this.apis.length; i++) if (this.apis[i - 1]!.start > this.apis[i]!.start) sorted = false;
    if (!sorted) this.apis.sort((a, b) => a.start - b.start);
    return { functions: this.survey.functions, entryPoints: this.entryPoints, apis: this.apis };
  }

  private isKnown({ start, function: entered }: Omit<EntryPoint, 'definition'>): boolean {
    return this.entryPoints.some((point) => point.start === start && point.function === entered);
  }

  private definitionOf(name: string): number | null {
    const { names, definitions } = this.survey;
    return definitions.get(names.find(name))?.nameStart ?? null;
  }
}
