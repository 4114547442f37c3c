import type { CExpr, CType, Scalar } from '../c/ast';
import { bitsOf } from '../c/expressions';
import { tearsArgument, tearsMacro } from '../c/binding';
import { substitute } from '../c/macros';
import { atom, method, type RExpr, type RStatement } from '../rust/ast';
import { deviceField, deviceState } from './device-fields';
import { common, convert, explicit, fits, isUnsigned, literal, promoted, typed, wrap } from './integers';
import type { FunctionInfo, Unit } from './unit';
import { leave, type Local, type Value, type ValueType, type VarType } from './values';

/** Where something is stored: the Rust expression, its type, and the variable it starts from. */
export interface Place {
  e: RExpr;
  type: VarType;
  root: Local | null;
  /** Whether it is a constant table of the driver. */
  constant: boolean;
}

/** How a driver's own function, a macro or a kernel function becomes Rust; set by calls.ts. */
export type CallTranslator = (self: Expressions, name: string, args: readonly CExpr[]) => Value;

const MACRO_DEPTH = 12;

/**
 * Translates expressions inside one function. What a translation brings about outside of its text (a variable is read, a constant
 * is used) takes effect when the whole statement is translated: `later`.
 */
export class Expressions {
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
    private readonly calls: CallTranslator,
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

  /** Gives up where the text of a macro, for want of parentheses, is torn apart. */
  private whole(e: CExpr): void {
    if (tearsMacro(this.unit.program.macros, e)) leave('a macro without parentheses is taken apart in it');
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

  /** The type that `yes ? no` has. */
  private valueType(yes: CExpr, no: CExpr): Scalar | 'bool' {
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

  /** What `e` is, without its effects; remembered while one statement is translated. */
  shapeOf(e: CExpr): Value {
    let shape = this.shapes.get(e);
    if (!shape) this.shapes.set(e, (shape = this.quiet(() => this.value(e))));
    return shape;
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

  private constant(name: string): Value | undefined {
    if (this.unit.program.globals.has(name)) return undefined;
    const known = this.unit.constants.named(name);
    if (!known) return undefined;
    if (!this.unit.program.macros.has(name) && !this.unit.program.enumerators.has(name))
      return typed(literal(known.value), 'literal', known.c, known.value);
    const type = this.unit.constants.typeOf(name, known);
    this.later(() => this.unit.usedConstants.add(name));
    return typed(atom(this.unit.constantNames.of(name)), type, known.c, known.value);
  }

  private load(e: CExpr): Value {
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

  /** Where `e` is stored. */
  place(e: CExpr): Place {
    switch (e.k) {
      case 'id':
        return this.variable(e.name);
      case 'field': {
        const base = e.arrow ? this.pointee(e.of) : this.place(e.of);
        if (base.type.k !== 'ref' && base.type.k !== 'struct')
          return leave(
            base.type.k === 'device' ? `${e.name} of a device has no accessor` : 'what it points to has no Rust type',
            base.type.k === 'unknown' ? base.type.text : null,
          );
        const struct = this.unit.struct(base.type.name);
        const field = struct?.byName.get(e.name);
        if (!struct || !field?.type) return leave(`${e.name} has no Rust type`, field ? field.text.replace(/\s+/g, ' ') : null);
        const { name } = base.type;
        this.later(() => {
          this.unit.useStruct(name);
        });
        return { e: { k: 'field', of: base.e, name: field.rust }, type: field.type, root: base.root, constant: base.constant };
      }
      case 'index': {
        const base = this.place(e.of);
        if (base.type.k !== 'array' && base.type.k !== 'slice') return leave('what it indexes is no array in Rust');
        // What is behind a box cannot be borrowed twice in one expression, be it for the index.
        const at = base.root?.owned === true ? this.beside(base.root, e.at, 'usize') : this.int(e.at, 'usize');
        return { ...base, e: { k: 'index', of: base.e, at }, type: base.type.of };
      }
      case 'un': {
        if (e.op !== '*') break;
        if (e.of.k === 'un' && e.of.op === '&') return this.place(e.of.of);
        const base = this.place(e.of);
        if (base.type.k === 'out') return { ...base, e: { k: 'un', op: '*', of: base.e }, type: base.type.of };
        if (base.type.k === 'slice') return { ...base, e: { k: 'index', of: base.e, at: atom('0') }, type: base.type.of };
        break;
      }
      case 'call': {
        const expanded = this.expand(e);
        if (expanded) return this.deeper(() => this.place(expanded));
        break;
      }
      default:
    }
    return leave('it is no variable that Rust has');
  }

  /** The structure that a pointer expression names: `priv`, `&priv->part`. */
  private pointee(e: CExpr): Place {
    if (e.k === 'un' && e.op === '&') return this.place(e.of);
    return this.place(e);
  }

  private variable(name: string): Place {
    const local = this.local(name);
    if (!local) {
      const global = this.unit.program.globals.get(name);
      if (!global) {
        const own = this.info.c.parameters.find((parameter) => parameter.name === name);
        if (own) return leave(`${name} has no Rust type`, typeName(own.type));
        return leave(`${name} is not defined in these files`, /^[A-Z0-9_]+$/.test(name) ? name : null);
      }
      return this.global(name);
    }
    if (local.alias) {
      const { alias } = local;
      return this.deeper(() => (alias.k === 'un' && alias.op === '&' ? this.place(alias.of) : this.place(alias)));
    }
    if (local.unknown || local.type.k === 'unknown') return leave(`${name} has no Rust type`, typeName(local.ctype));
    this.read(local);
    return { e: this.name(local), type: local.type, root: local, constant: false };
  }

  private global(name: string): Place {
    const table = this.unit.program.globals.get(name)!;
    if (!table.readonly) return leave(`${name} is a variable of the whole driver, which Rust shares only behind a lock`);
    const type = this.unit.varType(this.unit.tableType(name));
    if (!this.unit.isTable(name)) return leave(`${name} has no Rust type`);
    this.later(() => {
      this.unit.useTable(name);
    });
    return { e: atom(this.unit.constantNames.of(name)), type, root: null, constant: true };
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

  private size(e: CExpr & { k: 'sizeof' }): Value {
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

  /** The kernel's error that `-ENODEV` names; null if it is something else, or the driver's own. */
  private errorName(e: CExpr & { k: 'un' }): string | null {
    if (e.op !== '-' || e.of.k !== 'id' || !/^E[A-Z0-9]+$/.test(e.of.name)) return null;
    return this.unit.constants.named(e.of.name) ? null : e.of.name;
  }

  private unary(e: CExpr & { k: 'un' }): Value {
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

  private binary(e: CExpr & { k: 'bin' }): Value {
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

  private bits(op: string, e: CExpr & { k: 'bin' }, type: Scalar, c: Scalar, known: bigint | null): Value {
    return typed({ k: 'bin', op, l: this.int(e.l, type), r: this.int(e.r, type) }, type, c, known);
  }

  private amount(value: Value): RExpr {
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
    const text = this.int(e, type);
    return text.k === 'atom' && /^-?(?:0[xbo][\da-fA-F_]+|\d+)$/.test(text.text)
      ? explicit(typed(text, 'literal', type), type)
      : text;
  }

  private arithmetic(e: CExpr & { k: 'bin' }, type: Scalar): RExpr | undefined {
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

  private negated(e: CExpr): RExpr {
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

  private compare(op: string, left: CExpr, right: CExpr): RExpr {
    const state = deviceState(this, op, left, right);
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
  private compareBool(op: string, flag: Value, other: Value): RExpr | undefined {
    if (flag.type !== 'bool' || other.known === null || (op !== '==' && op !== '!=')) return undefined;
    if (other.known !== 0n && other.known !== 1n) return undefined;
    const isTrue = (other.known === 1n) === (op === '==');
    return isTrue ? flag.e : { k: 'un', op: '!', of: flag.e };
  }

  /** The value of `e` beside a borrow of `root`: read before the statement if it borrows the same. */
  beside(root: Local | null, e: CExpr, type: Scalar): RExpr {
    const { touched } = this;
    this.touched = new Set();
    const text = this.int(e, type);
    const inner = this.touched;
    this.touched = new Set([...touched, ...inner]);
    return root && inner.has(root) ? this.hoist(text, type) : text;
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
}

export function emittedName(local: Local): string {
  if (local.reads > 0 || local.rust.startsWith('_')) return local.rust;
  return `_${local.rust.replace(/^r#/, '')}`;
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

/** The kernel structure that a C type names. */
function typeName(type: CType): string | null {
  let of = type;
  while (of.k === 'ptr' || of.k === 'array') of = of.k === 'ptr' ? of.to : of.of;
  return of.k === 'struct' || of.k === 'other' ? of.name : null;
}
