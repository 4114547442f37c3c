import type { CExpr, Scalar } from '../c/ast';
import { bitsOf } from '../c/expressions';
import { tearsArgument, tearsMacro } from '../c/binding';
import { substitute } from '../c/macros';
import type { CProgram } from '../c/program';
import { common, fits, isUnsigned, promoted, wrap } from './integers';
import { ownKeys } from '../../own-keys';

/** A value that is known from the text alone, and its C type. */
export interface Known {
  value: bigint;
  c: Scalar;
}

const DEPTH = 40;

/** Constants of the kernel's headers for everybody, which are not read for each driver (vdso/time64.h, linux/units.h). */
const GENERAL: Record<string, Known> = ownKeys(
  Object.fromEntries(
    (
      [
        ['MSEC_PER_SEC', 1000n],
        ['USEC_PER_MSEC', 1000n],
        ['NSEC_PER_USEC', 1000n],
        ['NSEC_PER_MSEC', 1_000_000n],
        ['USEC_PER_SEC', 1_000_000n],
        ['NSEC_PER_SEC', 1_000_000_000n],
      ] as const
    ).map(([name, value]) => [name, { value, c: 'isize' }]),
  ),
);

/** Evaluates integer constants of the driver: macros, enumerators, and what is computed from them. */
export class Constants {
  private readonly cache = new Map<string, Known | null>();
  private readonly demands = new Map<string, Map<Scalar, number>>();
  private depth = 0;

  constructor(private readonly program: CProgram) {}

  /** Whether `name` is a constant of the driver or its headers, and what it is; null if it is not known. */
  named(name: string): Known | null {
    const cached = this.cache.get(name);
    if (cached !== undefined) return cached;
    this.cache.set(name, null); // a macro that names itself is no constant
    const found = this.find(name);
    this.cache.set(name, found);
    return found;
  }

  private find(name: string): Known | null {
    if (this.program.conditional.has(name)) return null;
    const enumerator = this.program.enumerators.get(name);
    if (enumerator) {
      if (enumerator.value) {
        const value = this.evaluate(enumerator.value);
        return value && { value: value.value, c: fits(value.value, 'i32') ? 'i32' : 'u32' };
      }
      if (enumerator.previous === null) return { value: 0n, c: 'i32' };
      const before = this.named(enumerator.previous);
      return before && { value: before.value + 1n, c: fits(before.value + 1n, 'i32') ? 'i32' : 'u32' };
    }
    const macro = this.program.macros.get(name);
    if (!macro && (name === 'AUTONEG_ENABLE' || name === 'AUTONEG_DISABLE'))
      return { value: name === 'AUTONEG_ENABLE' ? 1n : 0n, c: 'i32' };
    if (macro?.parameters === null) return this.evaluate(macro.body);
    return macro ? null : (GENERAL[name] ?? null);
  }

  /** The value of `e` if it is a constant expression. */
  evaluate(e: CExpr): Known | null {
    if (this.depth > DEPTH) return null;
    this.depth++;
    try {
      return this.compute(e);
    } finally {
      this.depth--;
    }
  }

  private compute(e: CExpr): Known | null {
    if (tearsMacro(this.program.macros, e)) return null;
    switch (e.k) {
      case 'num':
        return { value: e.value, c: e.type };
      case 'id':
        return e.name === 'true' || e.name === 'false' ? { value: e.name === 'true' ? 1n : 0n, c: 'i32' } : this.named(e.name);
      case 'un': {
        const of = this.evaluate(e.of);
        if (!of) return null;
        const c = promoted(of.c);
        if (e.op === '-') return { value: wrap(-of.value, c), c };
        if (e.op === '~') return { value: wrap(~of.value, c), c };
        if (e.op === '!') return { value: of.value === 0n ? 1n : 0n, c: 'i32' };
        return null;
      }
      case 'cast': {
        const of = this.evaluate(e.of);
        if (!of || e.type.k !== 'int') return null;
        return { value: wrap(of.value, e.type.of), c: e.type.of };
      }
      case 'cond': {
        const test = this.evaluate(e.test);
        return test && this.evaluate(test.value !== 0n ? e.yes : e.no);
      }
      case 'sizeof':
        return e.type?.k === 'int' && !e.type.of.endsWith('size') ? { value: BigInt(bitsOf(e.type.of) / 8), c: 'usize' } : null;
      case 'bin': {
        const l = this.evaluate(e.l);
        const r = this.evaluate(e.r);
        return l && r && binary(e.op, l, r);
      }
      case 'call':
        return e.callee.k === 'id' ? this.called(e.callee.name, e.args) : null;
      default:
        return null;
    }
  }

  private called(name: string, args: readonly CExpr[]): Known | null {
    const values = args.map((arg) => this.evaluate(arg));
    const [a, b] = values;
    switch (name) {
      case 'BIT':
      case '_BITUL':
      case 'BIT_ULL':
      case '_BITULL':
        return a && a.value >= 0n && a.value < 64n ? { value: 1n << a.value, c: name.endsWith('ULL') ? 'u64' : 'usize' } : null;
      case 'BIT_U8':
      case 'BIT_U16':
      case 'BIT_U32':
      case 'BIT_U64':
        return a && a.value >= 0n && a.value < 64n ? { value: 1n << a.value, c: name.slice(4).toLowerCase() as Scalar } : null;
      case 'GENMASK':
      case 'GENMASK_ULL':
      case 'GENMASK_U32':
      case 'GENMASK_U16':
      case 'GENMASK_U8': {
        if (!a || !b || a.value < b.value || a.value > 63n) return null;
        const value = ((1n << (a.value - b.value + 1n)) - 1n) << b.value;
        return {
          value,
          c: name === 'GENMASK' ? 'usize' : name.endsWith('ULL') ? 'u64' : (name.slice(8).toLowerCase() as Scalar),
        };
      }
      case 'FIELD_PREP':
      case 'FIELD_PREP_CONST': {
        if (!a || !b || a.value <= 0n) return null;
        const low = a.value & -a.value;
        return { value: (b.value * low) & a.value, c: a.c };
      }
      case 'ARRAY_SIZE':
        return null;
      default: {
        const macro = this.program.macros.get(name);
        if (!macro?.parameters || this.program.conditional.has(name) || macro.parameters.length !== args.length) return null;
        const given = new Map(macro.parameters.map((parameter, i) => [parameter, args[i]!]));
        return tearsArgument(this.program.macros, macro.body, given) ? null : this.evaluate(substitute(macro.body, given));
      }
    }
  }

  /** Notes that a constant is needed as `type`. */
  demand(name: string, type: Scalar): void {
    const known = this.named(name);
    if (!known || !fits(known.value, type)) return;
    const counts = this.demands.get(name) ?? new Map<Scalar, number>();
    counts.set(type, (counts.get(type) ?? 0) + 1);
    this.demands.set(name, counts);
  }

  private readonly types = new Map<string, Scalar>();
  /** Constants whose type has been asked for, since this was last cleared. */
  readonly asked = new Set<string>();

  /** Settles the types that `typeOf` gives by what has been demanded so far. @returns the constants that have another type now */
  settle(): Set<string> {
    const changed = new Set<string>();
    for (const [name, counts] of this.demands) {
      const known = this.named(name)!;
      const before = this.typeOf(name, known);
      const [best] = [...counts].sort((a, b) => b[1] - a[1]);
      if (best) this.types.set(name, best[0]);
      if (this.typeOf(name, known) !== before) changed.add(name);
    }
    this.demands.clear();
    return changed;
  }

  /** The Rust type of a constant: as most uses want it, else `u32`. */
  typeOf(name: string, known: Known): Scalar {
    this.asked.add(name);
    const settled = this.types.get(name);
    if (settled && fits(known.value, settled)) return settled;
    if (known.value < 0n) return fits(known.value, 'i32') ? 'i32' : 'i64';
    return fits(known.value, 'u32') ? 'u32' : 'u64';
  }
}

function binary(op: string, l: Known, r: Known): Known | null {
  const c = op === '<<' || op === '>>' ? promoted(l.c) : common(l.c, r.c);
  const x = wrap(l.value, c);
  const y = op === '<<' || op === '>>' ? r.value : wrap(r.value, c);
  const give = (value: bigint): Known => ({ value: wrap(value, c), c });
  const truth = (value: boolean): Known => ({ value: value ? 1n : 0n, c: 'i32' });
  switch (op) {
    case '+':
      return give(x + y);
    case '-':
      return give(x - y);
    case '*':
      return give(x * y);
    case '/':
      return y === 0n ? null : give(x / y);
    case '%':
      return y === 0n ? null : give(x % y);
    case '&':
      return give(x & y);
    case '|':
      return give(x | y);
    case '^':
      return give(x ^ y);
    case '<<':
      if (y < 0n || y >= BigInt(bitsOf(c))) return null;
      return give(x << y);
    case '>>':
      if (y < 0n || y >= BigInt(bitsOf(c))) return null;
      return give(isUnsigned(c) ? x >> y : x >> y);
    case '==':
      return truth(x === y);
    case '!=':
      return truth(x !== y);
    case '<':
      return truth(x < y);
    case '>':
      return truth(x > y);
    case '<=':
      return truth(x <= y);
    case '>=':
      return truth(x >= y);
    case '&&':
      return truth(l.value !== 0n && r.value !== 0n);
    case '||':
      return truth(l.value !== 0n || r.value !== 0n);
    default:
      return null;
  }
}
