import type { CExpr, CType } from '../c/ast';
import { atom, type RExpr } from '../rust/ast';
import { fits, literal, wrap } from './integers';
import { Types } from './structs';
import type { VarType } from './values';

/** The constant tables of the driver. */
export class Tables extends Types {
  private readonly tables = new Map<string, boolean>();

  /** The C type of a variable of file scope; an array without a length has that of its initializer. */
  tableType(name: string): CType {
    const table = this.program.globals.get(name)!;
    if (table.type.k !== 'array' || table.type.length !== null || !table.items) return table.type;
    if (table.items.some(({ index }) => index !== null)) return { k: 'other', name: 'sparse array' };
    const value = BigInt(table.items.length);
    return { ...table.type, length: { k: 'num', value, type: 'i32', text: value.toString() } };
  }

  /** Whether a variable of file scope is a constant table whose every element has a Rust value. */
  isTable(name: string): boolean {
    const cached = this.tables.get(name);
    if (cached !== undefined) return cached;
    const table = this.program.globals.get(name);
    this.tables.set(name, false);
    const good =
      table?.readonly === true &&
      !this.program.conditional.has(name) &&
      (table.items !== null || table.init !== null) &&
      this.tableValue(
        this.varType(this.tableType(name)),
        table.items === null ? table.init! : { k: 'list', items: table.items },
      ) !== undefined;
    this.tables.set(name, good);
    return good;
  }

  /** A constant initializer as Rust; undefined if a part of it has no value that is known here. */
  tableValue(type: VarType, e: CExpr): RExpr | undefined {
    switch (type.k) {
      case 'int': {
        const known = this.constants.evaluate(e);
        if (!known) return undefined;
        return e.k === 'num' && !e.text.startsWith('b') && fits(e.value, type.of)
          ? atom(e.text)
          : literal(wrap(known.value, type.of));
      }
      case 'bool': {
        const known = this.constants.evaluate(e);
        return known ? atom(known.value !== 0n ? 'true' : 'false') : undefined;
      }
      case 'array': {
        if (
          e.k !== 'list' ||
          e.items.length > Number(type.length) ||
          e.items.some(({ field, index }) => field !== null || index !== null)
        )
          return undefined;
        const items = e.items.map(({ value }) => this.tableValue(type.of, value));
        while (items.length < Number(type.length)) items.push(this.zero(type.of));
        return items.includes(undefined) ? undefined : { k: 'array', items: items as RExpr[] };
      }
      case 'struct':
        return this.structValue(type.name, e);
      default:
        return undefined;
    }
  }

  private structValue(name: string, e: CExpr): RExpr | undefined {
    const struct = this.struct(name);
    if (!struct || e.k !== 'list') return undefined;
    const given = new Map<string, CExpr>();
    let position = 0;
    for (const { field, index, value } of e.items) {
      if (index !== null) return undefined;
      const named = field ?? struct.c.fields[position]?.name;
      if (named === undefined) return undefined;
      if (field !== null) position = struct.c.fields.findIndex((one) => one.name === field);
      position++;
      given.set(named, value);
    }
    const fields: { name: string; value: RExpr }[] = [];
    for (const field of struct.fields) {
      if (!field.type) {
        // What Rust's structure does not have is left out of the table, too; the comment in the structure says so.
        continue;
      }
      const value = given.get(field.name);
      const text = value ? this.tableValue(field.type, value) : this.zero(field.type);
      if (!text) return undefined;
      fields.push({ name: field.rust, value: text });
    }
    return { k: 'struct', name: struct.rust, fields };
  }
}
