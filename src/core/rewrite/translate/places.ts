import type { CExpr, CType, Scalar } from '../c/ast';
import { atom, type RExpr } from '../rust/ast';
import { type Place, Scope } from './scope';
import { leave, type Local } from './values';

/** Where things are stored. */
export abstract class Places extends Scope {
  /** The low bits of `e` as `type`: what an assignment to a variable of that type stores. */
  abstract int(e: CExpr, type: Scalar): RExpr;

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
  protected pointee(e: CExpr): Place {
    if (e.k === 'un' && e.op === '&') return this.place(e.of);
    return this.place(e);
  }

  protected variable(name: string): Place {
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

  protected global(name: string): Place {
    const table = this.unit.program.globals.get(name)!;
    if (!table.readonly) return leave(`${name} is a variable of the whole driver, which Rust shares only behind a lock`);
    const type = this.unit.varType(this.unit.tableType(name));
    if (!this.unit.isTable(name)) return leave(`${name} has no Rust type`);
    this.later(() => {
      this.unit.useTable(name);
    });
    return { e: atom(this.unit.constantNames.of(name)), type, root: null, constant: true };
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
}

/** The kernel structure that a C type names. */
function typeName(type: CType): string | null {
  let of = type;
  while (of.k === 'ptr' || of.k === 'array') of = of.k === 'ptr' ? of.to : of.of;
  return of.k === 'struct' || of.k === 'other' ? of.name : null;
}
