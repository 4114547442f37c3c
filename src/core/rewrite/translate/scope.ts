import type { CExpr, Scalar } from '../c/ast';
import { tearsArgument } from '../c/binding';
import { substitute } from '../c/macros';
import { atom, type RExpr, type RStatement } from '../rust/ast';
import type { FunctionInfo, Unit } from './unit';
import { leave, type Local, type Value, type VarType } from './values';

/** Where something is stored: the Rust expression, its type, and the variable it starts from. */
export interface Place {
  e: RExpr;
  type: VarType;
  root: Local | null;
  /** Whether it is a constant table of the driver. */
  constant: boolean;
}

const MACRO_DEPTH = 12;

/** What is in scope where a function is translated, and what a translation brings about outside of its text once it holds: `later`. */
export abstract class Scope {
  protected readonly scopes: Map<string, Local>[] = [];
  protected effects: (() => void)[] = [];
  /** Variables that the expression at hand reads or borrows. */
  touched = new Set<Local>();
  /** Statements that must stand before the one that is being translated; null where there is no place for them. */
  before: RStatement[] | null = null;
  protected shapes = new Map<CExpr, Value>();
  private macroDepth = 0;
  private hoists = 0;

  constructor(
    readonly unit: Unit,
    readonly info: FunctionInfo,
  ) {}

  later(effect: () => void): void {
    this.effects.push(effect);
  }

  local(name: string): Local | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const found = this.scopes[i]!.get(name);
      if (found) return found;
    }
    return undefined;
  }

  /** All variables that are in scope. */
  *visible(): Generator<Local> {
    for (const scope of this.scopes) yield* scope.values();
  }

  /** The Rust name of a variable, as it will be when the function is complete. */
  name(local: Local): RExpr {
    return {
      k: 'atom',
      get text() {
        return emittedName(local);
      },
    };
  }

  protected read(local: Local): void {
    this.touched.add(local);
    this.later(() => {
      local.reads++;
      if (!local.declared) local.hoisted = true;
    });
  }

  /** Notes that what `place` names is changed. */
  change(place: Place): void {
    const { root } = place;
    if (!root) leave('it would change a constant table');
    this.touched.add(root);
    this.later(() => {
      if (root.type.k === 'ref' || root.type.k === 'slice') {
        root.mutates++;
        root.reads++;
      } else if (root.type.k === 'out') root.reads++;
      else root.writes++;
      if (!root.declared) root.hoisted = true;
    });
  }

  /** Translates without effects. */
  quiet<T>(work: () => T): T {
    const { effects, touched, before, hoists } = this;
    this.effects = [];
    this.touched = new Set();
    this.before = before && [];
    try {
      return work();
    } finally {
      this.effects = effects;
      this.touched = touched;
      this.before = before;
      this.hoists = hoists;
    }
  }

  /** A name that no variable in scope has: `wanted`, `wanted1`, … */
  fresh(wanted: string): string {
    for (;;) {
      const name = `${wanted}${this.hoists === 0 ? '' : this.hoists}`;
      this.hoists++;
      if (![...this.visible()].some(({ rust }) => rust === name)) return name;
    }
  }

  /** A value that is read before the statement: `let value = …;`. */
  hoist(e: RExpr, type: Scalar | 'bool'): RExpr {
    if (!this.before) return leave('it needs a statement of its own before it');
    const name = this.fresh('value');
    this.before.push({ k: 'let', name, mut: false, type, init: e });
    return atom(name);
  }

  /** A call of a macro of the driver, expanded; undefined if it is none. */
  expand(e: CExpr): CExpr | undefined {
    if (e.k !== 'call' || e.callee.k !== 'id') return undefined;
    const macro = this.unit.program.macros.get(e.callee.name);
    if (!macro?.parameters || macro.parameters.length !== e.args.length || macro.body.k === 'bad') return undefined;
    if (this.unit.program.conditional.has(macro.name)) return undefined;
    const values = new Map(macro.parameters.map((name, i) => [name, e.args[i]!]));
    return tearsArgument(this.unit.program.macros, macro.body, values) ? undefined : substitute(macro.body, values);
  }

  /** Guards against macros that expand to themselves. */
  deeper<T>(work: () => T): T {
    if (this.macroDepth >= MACRO_DEPTH) return leave('its macros nest too deeply');
    this.macroDepth++;
    try {
      return work();
    } finally {
      this.macroDepth--;
    }
  }
}

export function emittedName(local: Local): string {
  if (local.reads > 0 || local.rust.startsWith('_')) return local.rust;
  return `_${local.rust.replace(/^r#/, '')}`;
}
