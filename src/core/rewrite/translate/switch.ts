import type { CCase, CExpr, CStatement, Scalar } from '../c/ast';
import { atom, type RExpr, type RStatement } from '../rust/ast';
import type { Body, Enclosing } from './body';
import { fits, literal, promoted, wrap } from './integers';
import { counted, translateList } from './statements';
import { leave } from './values';

/** A switch as a match, where no case falls through into another that does something first. */
export function switchStatement(b: Body, statement: CStatement & { k: 'switch' }, out: RStatement[]): void {
  b.attempt(statement, out, () => {
    const groups = grouped(statement.cases);
    const on = b.quiet(() => b.value(statement.on));
    if (on.type === 'bool' || on.type === 'literal') return leave('it switches on a constant or a boolean');
    let type: Scalar = on.type;
    const values = statement.cases.flatMap(({ value }) => (value ? [b.unit.constants.evaluate(value)] : []));
    if (values.includes(null)) leave('a case is no constant that is known here');
    const c = promoted(on.c);
    if (values.some((value) => !fits(wrap(value!.value, c), type))) type = c;
    const scrutinee = b.int(statement.on, type);
    const patterns = groups.map(({ cases }) => pattern(b, cases, type));
    counted(b);
    b.commit();
    const around: Enclosing = { kind: 'switch', label: b.freshLabel('switch'), breakUsed: false, next: null, nextUsed: false };
    b.enclosing.push(around);
    const arms = groups.map((group, i) => ({ pattern: patterns[i]!, body: arm(b, group.body) }));
    b.enclosing.pop();
    if (!arms.some((one) => one.pattern === '_')) arms.push({ pattern: '_', body: [] });
    const last = arms.findIndex((one) => one.pattern === '_');
    arms.push(...arms.splice(last, 1));
    const match: RStatement = { k: 'match', on: scrutinee, arms };
    if (around.breakUsed) b.push(out, { k: 'block', label: around.label, body: [match] }, statement);
    else b.push(out, match, statement);
  });
}

/** The statements of an arm; the `break` that ends it goes. */
function arm(b: Body, body: readonly CStatement[]): RStatement[] {
  const out: RStatement[] = [];
  const flat = body.length === 1 && body[0]!.k === 'block' ? body[0]!.body : body;
  const ends = flat.at(-1)?.k === 'break';
  b.scoped(() => {
    translateList(b, ends ? flat.slice(0, -1) : flat, out);
  });
  if (ends) b.counts.translated++;
  return out;
}

interface Group {
  cases: CCase[];
  body: CStatement[];
}

function grouped(cases: readonly CCase[]): Group[] {
  const groups: Group[] = [];
  let open: Group = { cases: [], body: [] };
  cases.forEach((one, i) => {
    open.cases.push(one);
    const body = one.body.filter(({ k, ...rest }) => k !== 'empty' && !('e' in rest && isFallthrough(rest.e)));
    if (body.length === 0 && i < cases.length - 1) return;
    open.body = body;
    if (i < cases.length - 1 && !leaves(body)) leave('a case falls through into the next');
    groups.push(open);
    open = { cases: [], body: [] };
  });
  return groups;
}

const isFallthrough = (e: CExpr | null): boolean => e?.k === 'id' && e.name === 'fallthrough';

/** Whether C never comes from the end of `body` to the next case. */
function leaves(body: readonly CStatement[]): boolean {
  const last = body.at(-1);
  switch (last?.k) {
    case 'break':
    case 'return':
    case 'goto':
    case 'continue':
      return true;
    case 'block':
      return leaves(last.body);
    case 'if':
      return last.no !== null && leaves([last.yes]) && leaves([last.no]);
    default:
      return false;
  }
}

function pattern(b: Body, cases: readonly CCase[], type: Scalar): string {
  if (cases.some(({ value }) => value === null)) return '_';
  return cases
    .map((one) =>
      one.upTo ? `${constant(b, one.value!, type)}..=${constant(b, one.upTo, type)}` : constant(b, one.value!, type),
    )
    .join(' | ');
}

/** A case's value as a pattern: the constant by name if it has the right type, else its number. */
function constant(b: Body, e: CExpr, type: Scalar): string {
  const known = b.unit.constants.evaluate(e);
  if (!known) return leave('a case is no constant that is known here');
  if (e.k === 'id' && b.unit.constants.named(e.name)) {
    const { name } = e;
    b.later(() => {
      b.unit.constants.demand(name, type);
    });
    const own = b.unit.constants.typeOf(name, known);
    if (own === type && fits(known.value, type)) {
      b.later(() => b.unit.usedConstants.add(name));
      return b.unit.constantNames.of(name);
    }
  }
  const text: RExpr = e.k === 'num' && !e.text.startsWith('b') ? atom(e.text) : literal(wrap(known.value, type));
  return text.k === 'atom' ? text.text : '_';
}
