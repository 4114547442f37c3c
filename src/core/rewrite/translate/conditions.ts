import type { CExpr, Scalar } from '../c/ast';
import { tearsMacro } from '../c/binding';
import { bitsOf } from '../c/expressions';
import { atom, type RExpr } from '../rust/ast';
import { common, convert, explicit, fits, isUnsigned } from './integers';
import { Places } from './places';
import { leave, type Value, type ValueType } from './values';

/** What holds or does not. */
export abstract class Conditions extends Places {
  /** The value of an integer or boolean expression. */
  abstract value(e: CExpr): Value;

  /** A comparison of a device's state; undefined if it is something else. */
  protected abstract stateOf(op: string, l: CExpr, r: CExpr): RExpr | undefined;

  /** `e` as a condition. */
  truth(e: CExpr): RExpr {
    this.whole(e);
    if (e.k === 'un' && e.op === '!') return this.negated(e.of);
    if (e.k === 'bin') {
      if (e.op === '&&' || e.op === '||') return { k: 'bin', op: e.op, l: this.truth(e.l), r: this.truth(e.r) };
      if (/^(?:[<>]=?|[!=]=)$/.test(e.op)) return this.compare(e.op, e.l, e.r);
    }
    const value = this.value(e);
    if (value.type === 'bool') return value.e;
    if (value.known !== null && value.type === 'literal') return atom(value.known !== 0n ? 'true' : 'false');
    return { k: 'bin', op: '!=', l: value.e, r: atom('0') };
  }

  protected negated(e: CExpr): RExpr {
    if (e.k === 'un' && e.op === '!') return this.truth(e.of);
    if (e.k === 'bin') {
      const inverse = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' }[e.op];
      if (inverse !== undefined) return this.compare(inverse, e.l, e.r);
    }
    if (e.k === 'bin' && (e.op === '&&' || e.op === '||')) return { k: 'un', op: '!', of: this.truth(e) };
    const value = this.value(e);
    if (value.type === 'bool') return { k: 'un', op: '!', of: value.e };
    if (value.known !== null && value.type === 'literal') return atom(value.known === 0n ? 'true' : 'false');
    return { k: 'bin', op: '==', l: value.e, r: atom('0') };
  }

  protected compare(op: string, left: CExpr, right: CExpr): RExpr {
    const state = this.stateOf(op, left, right);
    if (state) return state;
    const l = this.value(left);
    const r = this.value(right);
    if (l.type === 'bool' && r.type === 'bool' && (op === '==' || op === '!=')) return { k: 'bin', op, l: l.e, r: r.e };
    const asBool = this.compareBool(op, l, r) ?? this.compareBool(op, r, l);
    if (asBool) return asBool;
    const type = comparisonType(l, r);
    const unsigned = isUnsigned(type);
    if (unsigned && r.known === 0n && (op === '<' || op === '>=')) return leave('the comparison has always the same result');
    if (unsigned && l.known === 0n && (op === '>' || op === '<=')) return leave('the comparison has always the same result');
    for (const [value, other] of [
      [l, r],
      [r, l],
    ] as const) {
      const source = value === l ? left : right;
      if (source.k === 'id' && value.known !== null && other.known === null) {
        const { name } = source;
        this.later(() => {
          this.unit.constants.demand(name, type);
        });
      }
    }
    const first = l.type === 'literal' && r.type === 'literal' ? explicit(l, type) : convert(l, type);
    return { k: 'bin', op: unsigned && r.known === 0n && op === '<=' ? '==' : op, l: first, r: convert(r, type) };
  }

  /** `flag == 1`, `flag != 0` where `flag` is a boolean in Rust. */
  protected compareBool(op: string, flag: Value, other: Value): RExpr | undefined {
    if (flag.type !== 'bool' || other.known === null || (op !== '==' && op !== '!=')) return undefined;
    if (other.known !== 0n && other.known !== 1n) return undefined;
    const isTrue = (other.known === 1n) === (op === '==');
    return isTrue ? flag.e : { k: 'un', op: '!', of: flag.e };
  }

  /** Gives up where the text of a macro, for want of parentheses, is torn apart. */
  protected whole(e: CExpr): void {
    if (tearsMacro(this.unit.program.macros, e)) leave('a macro without parentheses is taken apart in it');
  }
}

/** The type that two values are compared in so that the result is C's. */
function comparisonType(l: Value, r: Value): Scalar {
  const cc = common(l.c, r.c);
  const real = (type: ValueType): Scalar | null => (type === 'literal' || type === 'bool' ? null : type);
  const a = real(l.type);
  const b = real(r.type);
  const nonNegative = (value: Value): boolean =>
    value.known !== null
      ? value.known >= 0n
      : value.type === 'bool' || (real(value.type) !== null && isUnsigned(real(value.type)!));
  if (nonNegative(l) && nonNegative(r)) {
    const candidates = [l.known === null ? a : null, r.known === null ? b : null].filter((type): type is Scalar => type !== null);
    const type = candidates.length > 0 ? candidates.reduce((x, y) => (bitsOf(y) > bitsOf(x) ? y : x)) : (a ?? b ?? cc);
    if ([l, r].every((value) => value.known === null || fits(value.known, type)) && isUnsigned(type)) return type;
    return cc;
  }
  // A signed variable and a constant: compared as C does, in the variable's own type where that is wide enough.
  if (!isUnsigned(cc)) {
    if (r.known !== null && a !== null && fits(r.known, a) && !isUnsigned(a)) return a;
    if (l.known !== null && b !== null && fits(l.known, b) && !isUnsigned(b)) return b;
  }
  return cc;
}
