import type { CCase, CExpr, CStatement, Scalar } from '../c/ast';
import { atom, type RExpr, type RStatement } from '../rust/ast';
import { hasEffect } from './arguments';
import type { Body, Enclosing } from './body';
import { fits, literal, promoted, wrap } from './integers';
import { countStatements } from '../c/statements';
import { counted, hasLabel, translateList } from './statements';
import { leave } from './values';

/** A switch as a match; where a case falls through into another, its arm goes on with what that does. */
export function switchStatement(b: Body, statement: CStatement & { k: 'switch' }, out: RStatement[]): void {
  b.attempt(statement, out, () => {
    const groups = grouped(statement.cases);
    const [only] = groups;
    if (groups.length === 1 && only!.cases.some(({ value }) => value === null) && !hasEffect(statement.on)) {
      counted(b);
      b.commit();
      const around = enter(b);
      const body = arm(b, only!);
      b.enclosing.pop();
      if (around.breakUsed || body.some(({ k }) => k === 'let'))
        b.push(out, { k: 'block', label: around.breakUsed ? around.label : null, body }, statement);
      else out.push(...body);
      return;
    }
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
    const around = enter(b);
    const arms = groups.map((group, i) => ({ pattern: patterns[i]!, body: arm(b, group) }));
    b.enclosing.pop();
    if (!arms.some((one) => one.pattern === '_')) arms.push({ pattern: '_', body: [] });
    const last = arms.findIndex((one) => one.pattern === '_');
    arms.push(...arms.splice(last, 1));
    const match: RStatement = { k: 'match', on: scrutinee, arms };
    if (around.breakUsed) b.push(out, { k: 'block', label: around.label, body: [match] }, statement);
    else b.push(out, match, statement);
  });
}

function enter(b: Body): Enclosing {
  const around: Enclosing = { kind: 'switch', label: b.freshLabel('switch'), breakUsed: false, next: null, nextUsed: false };
  b.enclosing.push(around);
  return around;
}

/** The statements of an arm; the `break` that ends it goes. */
function arm(b: Body, { body, further }: Group): RStatement[] {
  const out: RStatement[] = [];
  b.scoped(() => {
    statements(b, body, out);
    // What it falls through into counts where it stands in C.
    const { translated } = b.counts;
    const { length } = b.missing;
    for (const list of further) statements(b, list, out);
    b.counts.translated = further.length > 0 ? translated : b.counts.translated;
    b.missing.length = further.length > 0 ? length : b.missing.length;
  });
  return out;
}

function statements(b: Body, body: readonly CStatement[], out: RStatement[]): void {
  const flat = body.length === 1 && body[0]!.k === 'block' ? body[0]!.body : body;
  const ends = flat.at(-1)?.k === 'break';
  translateList(b, ends ? flat.slice(0, -1) : flat, out);
  if (ends) b.counts.translated++;
}

interface Group {
  cases: CCase[];
  body: CStatement[];
  /** Bodies that it falls through into, one after the other. */
  further: CStatement[][];
}

/** How many statements a case may fall through into: they stand twice in Rust. */
const REPEATED = 8;

function grouped(cases: readonly CCase[]): Group[] {
  const groups: Group[] = [];
  let open: Group = { cases: [], body: [], further: [] };
  const bodies = cases.map(({ body }) =>
    body.filter(({ k, ...rest }) => k !== 'empty' && !('e' in rest && isFallthrough(rest.e))),
  );
  cases.forEach((one, i) => {
    open.cases.push(one);
    const body = bodies[i]!;
    if (body.length === 0 && i < cases.length - 1) return;
    open.body = body;
    for (let last = i; last < cases.length - 1 && !leaves(bodies[last]!); last++) open.further.push(bodies[last + 1]!);
    const repeated = open.further.flat();
    if (repeated.reduce((sum, statement) => sum + countStatements(statement), 0) > REPEATED || hasLabel(repeated))
      leave('a case falls through into the next');
    groups.push(open);
    open = { cases: [], body: [], further: [] };
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
