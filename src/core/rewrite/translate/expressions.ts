import type { CExpr } from '../c/ast';
import { bitsOf } from '../c/expressions';
import { atom, method, type RExpr } from '../rust/ast';
import { Arithmetic } from './arithmetic';
import { deviceField, deviceState } from './device-fields';
import { literal, promoted, typed } from './integers';
import type { FunctionInfo, Unit } from './unit';
import { leave, type Value } from './values';

/** How a driver's own function, a macro or a kernel function becomes Rust; set by calls.ts. */
export type CallTranslator = (self: Expressions, name: string, args: readonly CExpr[]) => Value;

/**
 * Translates expressions inside one function. What a translation brings about outside of its text (a variable is read, a constant
 * is used) takes effect when the whole statement is translated: `later`.
 */
export class Expressions extends Arithmetic {
  constructor(
    unit: Unit,
    info: FunctionInfo,
    private readonly calls: CallTranslator,
  ) {
    super(unit, info);
  }

  protected override stateOf(op: string, l: CExpr, r: CExpr): RExpr | undefined {
    return deviceState(this, op, l, r);
  }

  /** The value of an integer or boolean expression. */
  value(e: CExpr): Value {
    this.whole(e);
    switch (e.k) {
      case 'num':
        return e.text.startsWith('b')
          ? typed(atom(e.text), 'u8', 'i32', e.value)
          : typed(atom(e.text), 'literal', e.type, e.value);
      case 'id': {
        if (!this.local(e.name)) {
          if (e.name === 'true' || e.name === 'false') return typed(atom(e.name), 'bool', 'i32');
          const constant = this.constant(e.name);
          if (constant) return constant;
        }
        return this.load(e);
      }
      case 'field':
      case 'index':
        return this.load(e);
      case 'un':
        return this.unary(e);
      case 'bin':
        return this.binary(e);
      case 'cond': {
        const c = this.valueType(e.yes, e.no);
        const test = this.truth(e.test);
        if (c === 'bool') {
          const yes = this.truth(e.yes);
          const no = this.truth(e.no);
          const plain = yes.k === 'atom' && yes.text === 'true' && no.k === 'atom' && no.text === 'false';
          return typed(plain ? test : { k: 'if', test, yes, no }, 'bool', 'i32');
        }
        return typed({ k: 'if', test, yes: this.typedInt(e.yes, c), no: this.int(e.no, c) }, c, c);
      }
      case 'cast': {
        if (e.type.k === 'bool') return typed(this.truth(e.of), 'bool', 'i32');
        if (e.type.k !== 'int') leave('it is a pointer cast');
        const { of } = e.type;
        return typed(this.typedInt(e.of, of), of, of, this.unit.constants.evaluate(e)?.value ?? null);
      }
      case 'sizeof':
        return this.size(e);
      case 'call': {
        if (e.callee.k !== 'id') leave('it calls through a pointer');
        return this.calls(this, e.callee.name, e.args);
      }
      case 'assign':
      case 'step':
        leave('it assigns inside an expression');
        break;
      case 'str':
        leave('it is a string');
        break;
      default:
        leave('it is no value that Rust has');
    }
  }

  protected constant(name: string): Value | undefined {
    if (this.unit.program.globals.has(name)) return undefined;
    const known = this.unit.constants.named(name);
    if (!known) return undefined;
    if (!this.unit.program.macros.has(name) && !this.unit.program.enumerators.has(name))
      return typed(literal(known.value), 'literal', known.c, known.value);
    const type = this.unit.constants.typeOf(name, known);
    this.later(() => this.unit.usedConstants.add(name));
    return typed(atom(this.unit.constantNames.of(name)), type, known.c, known.value);
  }

  protected load(e: CExpr): Value {
    const field = deviceField(this, e);
    if (field) return field;
    const place = this.place(e);
    switch (place.type.k) {
      case 'int':
        return typed(place.e, place.type.of, place.type.of);
      case 'bool':
        return typed(place.e, 'bool', 'u8');
      default:
        return leave('it is no integer');
    }
  }

  protected size(e: CExpr & { k: 'sizeof' }): Value {
    if (e.of) {
      const of = e.of;
      const place = this.quiet(() => this.place(of));
      if (place.type.k === 'array' && place.type.of.k === 'int' && place.type.of.of === 'u8')
        return typed(method(this.place(of).e, 'len'), 'usize', 'usize');
      if (place.type.k === 'int')
        return typed(literal(BigInt(bitsOf(place.type.of) / 8)), 'literal', 'usize', BigInt(bitsOf(place.type.of) / 8));
      return leave('the size of a structure differs in Rust');
    }
    const known = this.unit.constants.evaluate(e);
    return known
      ? typed(literal(known.value), 'literal', 'usize', known.value)
      : leave('the size of a structure differs in Rust');
  }

  protected unary(e: CExpr & { k: 'un' }): Value {
    switch (e.op) {
      case '!':
        return typed(this.truth(e), 'bool', 'i32');
      case '-':
      case '~': {
        const code = this.errorName(e);
        if (code !== null) {
          const path = `kernel::error::code::${code}`;
          if (!this.unit.api.catalogue.hasItem(path)) return leave("this kernel's Rust has no such error code", code);
          return typed(method(atom(code), 'to_errno'), 'i32', 'i32');
        }
        const known = this.unit.constants.evaluate(e);
        const of = this.value(e.of);
        if (of.type === 'literal' && known) return typed(literal(known.value), 'literal', known.c, known.value);
        const c = promoted(of.c);
        return typed(this.int(e, c), c, c, known?.value ?? null);
      }
      case '*':
        return this.load(e);
      default:
        return leave('it takes an address');
    }
  }
}
