import type { CExpr, Scalar } from '../c/ast';
import { bitsOf } from '../c/expressions';
import { atom, method, type RExpr } from '../rust/ast';
import { Conditions } from './conditions';
import { common, convert, explicit, fits, isUnsigned, literal, promoted, typed, wrap } from './integers';
import { leave, type Value } from './values';

/** Integers as C computes them. */
export abstract class Arithmetic extends Conditions {
  /** What `e` is, without its effects; remembered while one statement is translated. */
  shapeOf(e: CExpr): Value {
    let shape = this.shapes.get(e);
    if (!shape) this.shapes.set(e, (shape = this.quiet(() => this.value(e))));
    return shape;
  }

  /** The type that `yes ? no` has. */
  protected valueType(yes: CExpr, no: CExpr): Scalar | 'bool' {
    const a = this.shapeOf(yes);
    const b = this.shapeOf(no);
    if (a.type === 'bool' && b.type === 'bool') return 'bool';
    if (a.type === b.type && a.type !== 'literal' && a.type !== 'bool') return a.type;
    if (
      a.type === 'literal' &&
      b.type !== 'literal' &&
      b.type !== 'bool' &&
      a.known !== null &&
      fits(a.known, b.type) &&
      isUnsigned(b.type)
    )
      return b.type;
    if (
      b.type === 'literal' &&
      a.type !== 'literal' &&
      a.type !== 'bool' &&
      b.known !== null &&
      fits(b.known, a.type) &&
      isUnsigned(a.type)
    )
      return a.type;
    return common(a.c, b.c);
  }

  protected binary(e: CExpr & { k: 'bin' }): Value {
    switch (e.op) {
      case '&&':
      case '||':
      case '==':
      case '!=':
      case '<':
      case '>':
      case '<=':
      case '>=':
        return typed(this.truth(e), 'bool', 'i32');
      default:
    }
    const text = /^(?:[/%]|>>)$/.test(e.op);
    const l = text ? this.value(e.l) : this.shapeOf(e.l);
    const r = text ? this.value(e.r) : this.shapeOf(e.r);
    const known = this.unit.constants.evaluate(e);
    if (known && l.type === 'literal' && r.type === 'literal')
      return typed(literal(known.value), 'literal', known.c, known.value);
    if (l.type === 'bool' && r.type === 'bool' && /^[&|^]$/.test(e.op))
      return typed({ k: 'bin', op: e.op, l: this.truth(e.l), r: this.truth(e.r) }, 'bool', 'i32');
    const cc = common(l.c, r.c);
    const give = (type: Scalar, c: Scalar = cc): Value => typed(this.int(e, type), type, c, known?.value ?? null);
    const narrow = [l.type, r.type].filter((type): type is Scalar => type !== 'bool' && type !== 'literal' && isUnsigned(type));
    const plain = (value: Value): boolean =>
      value.known !== null ? value.known >= 0n : value.type === 'bool' || (value.type !== 'literal' && isUnsigned(value.type));
    switch (e.op) {
      case '&': {
        if (narrow.length === 0) return give(cc);
        const type = narrow.reduce((a, b) => (bitsOf(b) < bitsOf(a) ? b : a));
        return this.bits('&', e, type, cc, known?.value ?? null);
      }
      case '|':
      case '^': {
        if (narrow.length === 0 || !plain(l) || !plain(r)) return give(cc);
        const type = narrow.reduce((a, b) => (bitsOf(b) > bitsOf(a) ? b : a));
        if ([l, r].some((value) => value.known !== null && !fits(value.known, type))) return give(cc);
        return this.bits(e.op, e, type, cc, known?.value ?? null);
      }
      case '/':
      case '%': {
        const type = narrow.length > 0 && plain(l) && plain(r) ? narrow.reduce((a, b) => (bitsOf(b) > bitsOf(a) ? b : a)) : cc;
        const ok = [l, r].every((value) => value.known === null || fits(value.known, type));
        const of = ok ? type : cc;
        return typed({ k: 'bin', op: e.op, l: explicit(l, of), r: convert(r, of) }, of, cc);
      }
      case '>>': {
        const amount = r.known;
        if (l.type !== 'literal' && l.type !== 'bool' && isUnsigned(l.type) && amount !== null && amount < BigInt(bitsOf(l.type)))
          return typed({ k: 'bin', op: '>>', l: l.e, r: convert(r, 'u32') }, l.type, promoted(l.c), known?.value ?? null);
        const c = promoted(l.c);
        return typed({ k: 'bin', op: '>>', l: explicit(l, c), r: this.amount(r) }, c, c, known?.value ?? null);
      }
      case '<<':
        return give(promoted(l.c), promoted(l.c));
      case '+':
      case '-':
      case '*':
        return give(cc);
      default:
        return leave(`the operator ${e.op} has no counterpart`);
    }
  }

  protected bits(op: string, e: CExpr & { k: 'bin' }, type: Scalar, c: Scalar, known: bigint | null): Value {
    const whole = op === '&' ? this.unmasked(e, type) : undefined;
    if (whole) return typed(this.int(whole, type), type, c, known);
    return typed({ k: 'bin', op, l: this.int(e.l, type), r: this.int(e.r, type) }, type, c, known);
  }

  /** The operand of `&` that the other one, which has all bits of `type`, leaves as it is. */
  private unmasked(e: CExpr & { k: 'bin' }, type: Scalar): CExpr | undefined {
    if (!isUnsigned(type)) return undefined;
    const all = (1n << BigInt(bitsOf(type))) - 1n;
    // GENMASK(31, 0) is as plain; a name of the driver's may come to mean something else.
    const isPlain = (mask: CExpr): boolean =>
      mask.k === 'num' || (mask.k === 'call' && mask.callee.k === 'id' && !this.unit.program.macros.has(mask.callee.name));
    const isAll = (mask: CExpr): boolean => isPlain(mask) && this.unit.constants.evaluate(mask)?.value === all;
    return isAll(e.r) ? e.l : isAll(e.l) ? e.r : undefined;
  }

  protected amount(value: Value): RExpr {
    return value.type === 'bool' ? convert(value, 'u32') : value.e;
  }

  /** The low bits of `e` as `type`: what an assignment to a variable of that type stores. */
  int(e: CExpr, type: Scalar): RExpr {
    this.whole(e);
    if (e.k === 'id' && !this.local(e.name) && this.unit.constants.named(e.name)) {
      const { name } = e;
      this.later(() => {
        this.unit.constants.demand(name, type);
      });
    }
    const known = this.unit.constants.evaluate(e);
    if (known && isPureLiteral(e)) {
      if (e.k === 'num' && fits(e.value, type) && !e.text.startsWith('b')) return atom(e.text);
      if (e.k === 'num' && e.text.startsWith('b'))
        return type === 'u8' ? atom(e.text) : convert(typed(atom(e.text), 'u8', 'i32'), type);
      return literal(wrap(known.value, type));
    }
    switch (e.k) {
      case 'un':
        if (this.errorName(e) !== null) return convert(this.value(e), type);
        break;
      default:
    }
    switch (e.k) {
      case 'bin': {
        const arithmetic = this.arithmetic(e, type);
        if (arithmetic) return arithmetic;
        break;
      }
      case 'un': {
        if (e.op !== '-' && e.op !== '~') break;
        const of = this.shapeOf(e.of);
        const wraps = e.op === '-' && !isUnsigned(type) && (isUnsigned(promoted(of.c)) || bitsOf(type) < bitsOf(promoted(of.c)));
        if (wraps || bitsOf(type) > bitsOf(promoted(of.c)))
          return convert(typed(this.int(e, promoted(of.c)), promoted(of.c), promoted(of.c)), type);
        if (e.op === '~') return { k: 'un', op: '!', of: this.typedInt(e.of, type) };
        if (!isUnsigned(type)) return { k: 'un', op: '-', of: this.typedInt(e.of, type) };
        return method(this.typedInt(e.of, type), 'wrapping_neg');
      }
      case 'cond': {
        const c = this.valueType(e.yes, e.no);
        if (c === 'bool' || bitsOf(type) > bitsOf(c)) break;
        return { k: 'if', test: this.truth(e.test), yes: this.typedInt(e.yes, type), no: this.int(e.no, type) };
      }
      case 'cast':
        if (e.type.k === 'int' && bitsOf(type) <= bitsOf(e.type.of)) return this.int(e.of, type);
        break;
      default:
    }
    return convert(this.value(e), type);
  }

  /** Like `int`, but the text itself tells its type: for receivers of methods and operands of casts. */
  typedInt(e: CExpr, type: Scalar): RExpr {
    const known = this.unit.constants.evaluate(e);
    if (known && isPureLiteral(e)) {
      const asWritten = e.k === 'num' && fits(e.value, type) && !e.text.startsWith('b');
      const text = asWritten ? atom(e.text) : literal(wrap(known.value, type));
      return explicit(typed(text, 'literal', type, wrap(known.value, type)), type);
    }
    return withType(this.int(e, type), type);
  }

  protected arithmetic(e: CExpr & { k: 'bin' }, type: Scalar): RExpr | undefined {
    if (!/^(?:[-+*&|^]|<<)$/.test(e.op)) return undefined;
    const l = this.shapeOf(e.l);
    const r = this.shapeOf(e.r);
    const shift = e.op === '<<';
    const c = shift ? promoted(l.c) : common(l.c, r.c);
    // C computes in a narrower type than is asked for: computed there, then converted.
    if (bitsOf(type) > bitsOf(c)) {
      if (/^[&|^]$/.test(e.op)) return undefined;
      return convert(typed(this.int(e, c), c, c), type);
    }
    if (shift) {
      const narrowed = bitsOf(type) < bitsOf(c);
      if (narrowed && (r.known === null || r.known >= BigInt(bitsOf(type)))) return convert(typed(this.int(e, c), c, c), type);
      if (r.known === 0n && r.type === 'literal') return this.typedInt(e.l, type);
      return { k: 'bin', op: '<<', l: this.typedInt(e.l, type), r: this.amount(this.value(e.r)) };
    }
    if (/^[&|^]$/.test(e.op)) {
      if (l.type === 'bool' && r.type === 'bool') return undefined;
      const whole = e.op === '&' ? this.unmasked(e, type) : undefined;
      if (whole) return this.int(whole, type);
      return { k: 'bin', op: e.op, l: this.int(e.l, type), r: this.int(e.r, type) };
    }
    const known = this.unit.constants.evaluate(e);
    const safe =
      known !== null &&
      l.known !== null &&
      r.known !== null &&
      [known.value, l.known, r.known].every((value) => fits(value, type));
    if (isUnsigned(type) && !safe) {
      const name = { '+': 'wrapping_add', '-': 'wrapping_sub', '*': 'wrapping_mul' }[e.op]!;
      return method(this.typedInt(e.l, type), name, this.int(e.r, type));
    }
    if (!isUnsigned(type) && isUnsigned(c)) return convert(typed(this.int(e, c), c, c), type);
    if (!isUnsigned(type) && bitsOf(type) < bitsOf(c)) return convert(typed(this.int(e, c), c, c), type);
    return { k: 'bin', op: e.op, l: this.typedInt(e.l, type), r: this.int(e.r, type) };
  }

  /** The kernel's error that `-ENODEV` names; null if it is something else, or the driver's own. */
  protected errorName(e: CExpr & { k: 'un' }): string | null {
    if (e.op !== '-' || e.of.k !== 'id' || !/^E[A-Z0-9]+$/.test(e.of.name)) return null;
    return this.unit.constants.named(e.of.name) ? null : e.of.name;
  }
}

/** Whether an expression is made of literals only, so that its value may stand for it. */
function isPureLiteral(e: CExpr): boolean {
  switch (e.k) {
    case 'num':
      return true;
    case 'un':
      return isPureLiteral(e.of);
    case 'bin':
      return isPureLiteral(e.l) && isPureLiteral(e.r);
    case 'sizeof':
      return true;
    default:
      return false;
  }
}

/** A text of literals alone with its type in the first of them; any other as it is. */
function withType(e: RExpr, type: Scalar): RExpr {
  if (e.k === 'atom' && LITERAL.test(e.text)) return explicit(typed(e, 'literal', type), type);
  return e.k === 'bin' && isLiterals(e) ? { ...e, l: withType(e.l, type) } : e;
}

const LITERAL = /^-?(?:0[xbo][\da-fA-F_]+|\d+)$/;

const isLiterals = (e: RExpr): boolean =>
  e.k === 'bin' ? isLiterals(e.l) && isLiterals(e.r) : e.k === 'atom' && LITERAL.test(e.text);
