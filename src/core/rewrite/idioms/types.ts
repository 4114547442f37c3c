import type { CExpr, CFunction, CType } from '../c/ast';
import type { CProgram } from '../c/program';
import { eachStatement } from '../translate/analysis';

/** Types of the variables that a function sees, and of fields of structures of the file. */
export function typesOf(program: CProgram, c: CFunction | undefined): (e: CExpr) => CType | null {
  const types = new Map<string, CType>();
  for (const { name, type } of c?.parameters ?? []) types.set(name, type);
  eachStatement(c?.body ?? [], (statement) => {
    if (statement.k === 'decl') for (const { name, type } of statement.variables) types.set(name, type);
  });
  const typeOf = (of: CExpr): CType | null => {
    if (of.k === 'un' && of.op === '&') return typeOf(of.of);
    if (of.k === 'id') return types.get(of.name) ?? program.globals.get(of.name)?.type ?? null;
    if (of.k !== 'field') return null;
    const base = typeOf(of.of);
    const struct = base?.k === 'ptr' ? base.to : base;
    if (struct?.k !== 'struct') return null;
    return program.structs.get(struct.name)?.fields.find(({ name }) => name === of.name)?.type ?? null;
  };
  return typeOf;
}
