import type { CStatement, CVariable } from '../c/ast';
import { countStatements } from '../c/statements';
import { rustSideOf } from '../kernel-api';
import type { RExpr, RStatement, Source } from '../rust/ast';
import { callValue } from './calls';
import { Expressions } from './expressions';
import { assignedIn, newLocal } from './locals';
import type { FunctionInfo, Unit } from './unit';
import { Untranslatable, type Local, type VarType } from './values';

/** What `break` and `continue` mean at a place. */
export interface Enclosing {
  kind: 'loop' | 'switch';
  /** Label of the Rust loop or block; set when something needs it. */
  label: string;
  breakUsed: boolean;
  /** For loops that are no range: the block that `continue` leaves, so that the update runs. */
  next: string | null;
  nextUsed: boolean;
}

export interface Counts {
  total: number;
  translated: number;
}

/** The body of one function while it is translated. */
export class Body extends Expressions {
  readonly enclosing: Enclosing[] = [];
  /** Labels that a goto can leave a block for, with what a goto to them returns at once, if that is all they do. */
  readonly labels = new Map<string, { inline: CStatement | null; rust: string }>();
  /** Variables that are known not to be zero, or to be negative, where we are. */
  readonly failed: string[] = [];
  readonly counts: Counts = { total: 0, translated: 0 };
  /** Kernel names that are missing, in the order in which they are met. */
  readonly missing: string[] = [];
  /** `let` statements without a value yet, which go if nothing comes to need them. */
  readonly pending: { local: Local; statement: RStatement & { k: 'let' } }[] = [];
  /** `let` statements with a value; whether they are `mut` shows in the end. */
  readonly lets: { local: Local; statement: RStatement & { k: 'let' } }[] = [];
  /** The structure that probe makes, once it is made. */
  made: Local | null = null;
  /** The statements after the one at hand in its block. */
  rest: readonly CStatement[] = [];
  /** Pointers to registers that have been mapped with `?`, whose check is still to come. */
  readonly mapped = new Set<string>();
  private labelCount = 0;
  private readonly usedLabels = new Set<string>();

  constructor(unit: Unit, info: FunctionInfo) {
    super(unit, info, callValue);
    const scope = new Map<string, Local>();
    for (const { local } of info.parameters) {
      local.reads = 0;
      local.writes = 0;
      scope.set(local.name, local);
    }
    this.scopes.push(scope);
  }

  freshLabel(kind: string): string {
    for (;;) {
      this.labelCount++;
      const label = this.labelCount === 1 ? kind : `${kind}${this.labelCount}`;
      if (this.usedLabels.has(label)) continue;
      this.usedLabels.add(label);
      return label;
    }
  }

  source(statement: { start: number; end: number }): Source {
    return { file: this.info.c.file, start: statement.start, end: statement.end };
  }

  text(statement: { start: number; end: number }): string {
    return this.unit.program.files[this.info.c.file]!.tree.text.slice(statement.start, statement.end);
  }

  scoped<T>(work: () => T): T {
    this.scopes.push(new Map());
    try {
      return work();
    } finally {
      this.scopes.pop();
    }
  }

  /** @param beside a variable in whose scope the new one goes; the innermost one without */
  declare(variable: CVariable, type: VarType, beside?: Local): Local {
    // A variable of the same name in an inner scope hides the outer one, as in C.
    const taken = new Set([
      ...this.unit.api.reserved,
      ...[...this.visible()].filter(({ name }) => name !== variable.name).map(({ rust }) => rust),
    ]);
    const local = newLocal(this.unit, variable.name, type, variable.type, taken);
    const scope = beside && this.scopes.find((one) => one.get(beside.name) === beside);
    (scope ?? this.scopes.at(-1)!).set(variable.name, local);
    return local;
  }

  /**
   * Runs `work`, which translates `statement`; if it has no translation nothing of it stays, and the C text goes into `out`.
   * @returns whether it was translated
   */
  attempt(statement: CStatement, out: RStatement[], work: () => void): boolean {
    const { effects, before, touched } = this;
    const length = out.length;
    const restore = this.checkpoint();
    this.effects = [];
    this.touched = new Set();
    this.shapes = new Map();
    this.before = [];
    try {
      work();
      out.splice(length, 0, ...this.before);
      for (const effect of this.effects) effect();
      return true;
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      out.length = length;
      restore();
      this.leave(statement, error, out);
      return false;
    } finally {
      this.effects = effects;
      this.before = before;
      this.touched = touched;
    }
  }

  /** Remembers what a translation changes outside of its text. @returns what puts it back as it was */
  private checkpoint(): () => void {
    const locals = [...this.visible()].map((local) => ({
      local,
      reads: local.reads,
      writes: local.writes,
      mutates: local.mutates,
      declared: local.declared,
      hoisted: local.hoisted,
    }));
    const { unit, counts, pending, lets, missing } = this;
    const { translated } = counts;
    const lengths = [pending.length, lets.length, missing.length] as const;
    const imports = [...unit.imports];
    const helpers = [...unit.helpers];
    return () => {
      for (const { local, ...old } of locals) Object.assign(local, old);
      counts.translated = translated;
      pending.length = lengths[0];
      lets.length = lengths[1];
      missing.length = lengths[2];
      for (const path of unit.imports) if (!imports.includes(path)) unit.imports.delete(path);
      for (const name of unit.helpers) if (!helpers.includes(name)) unit.helpers.delete(name);
    };
  }

  /** Settles the effects so far: what follows is translated on its own. */
  commit(): void {
    for (const effect of this.effects) effect();
    this.effects = [];
  }

  /** Leaves a statement as a comment with its C text and the reason. */
  leave(statement: CStatement, error: Untranslatable, out: RStatement[]): void {
    if (countStatements(statement) === 0 && statement.k === 'decl') return;
    for (const name of assignedIn(statement, (array) => this.local(array)?.type.k === 'array')) {
      const local = this.local(name);
      if (local && local.writes === 0 && local.mutates === 0) local.left = true;
    }
    const why = error.missing !== null && error.reason === 'no Rust equivalent' ? this.whyLeft(error.missing) : error.reason;
    if (error.missing !== null && /^\w+$/.test(error.missing)) this.missing.push(error.missing);
    out.push({
      k: 'comment',
      lines: [`Left in C (${why.replace(/\s+/g, ' ')}):`, ...quoted(this.text(statement), this.indentOf(statement))],
      source: this.source(statement),
    });
  }

  /** What is there for a name that was not translated: nothing, or something that a hand has to apply. */
  private whyLeft(name: string): string {
    const path = rustSideOf(name, this.unit.api.catalogue);
    return path === undefined ? `no Rust equivalent of ${name}` : `${name}: to be done by hand with ${path}`;
  }

  /** Columns that the statement's first line is indented by, a tab being eight. */
  private indentOf(statement: { start: number }): number {
    const { text } = this.unit.program.files[this.info.c.file]!.tree;
    const line = text.lastIndexOf('\n', statement.start - 1) + 1;
    return width(/^[\t ]*/.exec(text.slice(line, statement.start))![0]);
  }

  /** How many scopes are open: 2 in the outermost block of the function. */
  depth(): number {
    return this.scopes.length;
  }

  /** Whether the innermost scope declares `local`. */
  isInnermost(local: Local): boolean {
    return this.scopes.at(-1)!.get(local.name) === local;
  }

  /** Makes the first assignment of a variable its `let`, in the block that declares it. @returns whether it does */
  letFirst(local: Local, init: RExpr, source: { start: number; end: number }, out: RStatement[]): boolean {
    if (
      !this.pending.some((one) => one.local === local) ||
      local.declared ||
      local.hoisted ||
      local.isParameter ||
      !this.isInnermost(local)
    )
      return false;
    const text: RStatement & { k: 'let' } = {
      k: 'let',
      name: '',
      mut: false,
      type: local.type.k === 'irqreturn' ? null : this.unit.typeText(local.type),
      init,
    };
    this.later(() => {
      local.declared = true;
      this.lets.push({ local, statement: text });
    });
    this.push(out, text, source);
    return true;
  }

  push(out: RStatement[], statement: RStatement, source: { start: number; end: number }): void {
    statement.source = this.source(source);
    out.push(statement);
  }

  e(text: string): RExpr {
    return { k: 'atom', text };
  }
}

function width(space: string): number {
  let columns = 0;
  for (const unit of space) columns = unit === '\t' ? columns - (columns % 8) + 8 : columns + 1;
  return columns;
}

/** C text as lines of a comment: its own indentation kept, in steps of four. */
export function quoted(text: string, indent: number): string[] {
  return text.split(/\r?\n/).map((line, i) => {
    const space = /^[\t ]*/.exec(line)![0];
    const columns = i === 0 ? 0 : Math.max(0, width(space) - indent);
    return `    ${' '.repeat(Math.ceil(columns / 2))}${line.slice(space.length).replace(/\t/g, ' ')}`.trimEnd();
  });
}
