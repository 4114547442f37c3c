import type { CExpr, CStatement, Scalar } from '../c/ast';
import { atom, type RExpr, type RStatement, strength } from '../rust/ast';
import { oneLine } from '../rust/print';
import type { Body } from './body';
import { explicit, typed } from './integers';
import { assignments, eachExpression, eachPart, mentions, namesIn, statementMentions } from './locals';
import { labelOf, runsOnce } from './loop-ends';
import { enter, type Loop } from './loops';
import { counted, translateBlock } from './statements';
import { leave, type Local } from './values';

/** `for (i = 0; i < n; i++)` as a range, where the variable is the loop's alone. @returns whether it is one */
export function range(b: Body, statement: Loop & { k: 'for' }, rest: readonly CStatement[], out: RStatement[]): boolean {
  const head = headOf(statement);
  if (!head) return false;
  const { name, from, to, inclusive, declares } = head;
  const outer = declares ? undefined : b.local(name);
  const type = declares ? b.unit.varType(declares) : outer?.type;
  if (type?.k !== 'int' || outer?.alias) return false;
  const body = [statement.body];
  if (assignments(body, name) > 0 || !steady(b, to, body)) return false;
  if (!declares && (usedAfter(rest, name) || usedLater(b, statement, name))) return false;
  const start = b.int(from, type.of);
  const end = rangeEnd(b, to, type.of);
  counted(b);
  b.commit();
  const around = enter(b, false);
  let inner: RStatement[] = [];
  let local: Local | undefined;
  b.scoped(() => {
    local = b.declare({ name, type: { k: 'int', of: type.of }, init: null, isStatic: false }, type);
    local.declared = true;
    inner = translateBlock(b, statement.body);
  });
  b.enclosing.pop();
  if (inner.every(({ k }) => k === 'comment')) leave('nothing of its body could be translated');
  runsOnce(inner);
  const variable = local!;
  const bounds: RExpr = {
    k: 'atom',
    get text() {
      return `${textOf(start)}${inclusive ? '..=' : '..'}${textOf(end)}`;
    },
  };
  const text: RStatement = {
    k: 'for',
    label: labelOf(around, inner),
    get variable() {
      return (b.name(variable) as { text: string }).text;
    },
    range: bounds,
    body: inner,
  };
  b.push(out, text, statement);
  return true;
}

function textOf(e: RExpr): string {
  const text = oneLine(e) ?? '0';
  return strength(e) < 1 ? `(${text})` : text;
}

/** The end of a range, whose type decides that of the variable. */
function rangeEnd(b: Body, to: CExpr, type: Scalar): RExpr {
  const known = b.unit.constants.evaluate(to);
  if (to.k === 'num' && known)
    return type === 'i32' ? b.int(to, type) : explicit(typed(atom(to.text), 'literal', type, known.value), type);
  return b.int(to, type);
}

interface Head {
  name: string;
  from: CExpr;
  to: CExpr;
  inclusive: boolean;
  declares: (CStatement & { k: 'decl' })['variables'][number]['type'] | null;
}

function headOf({ init, test, update }: Loop & { k: 'for' }): Head | undefined {
  let name: string;
  let from: CExpr;
  let declares: Head['declares'] = null;
  if (init?.k === 'expr' && init.e.k === 'assign' && init.e.op === '=' && init.e.l.k === 'id') {
    name = init.e.l.name;
    from = init.e.r;
  } else if (init?.k === 'decl' && init.variables.length === 1 && init.variables[0]!.init) {
    name = init.variables[0]!.name;
    from = init.variables[0]!.init;
    declares = init.variables[0]!.type;
  } else return undefined;
  if (test?.k !== 'bin' || (test.op !== '<' && test.op !== '<=') || test.l.k !== 'id' || test.l.name !== name) return undefined;
  if (update?.k !== 'step' || update.op !== '++' || update.of.k !== 'id' || update.of.name !== name) return undefined;
  if (mentions(test.r, name) || mentions(from, name)) return undefined;
  return { name, from, to: test.r, inclusive: test.op === '<=', declares };
}

/** Whether `e` has the same value each time round: constants, and variables that the body does not change. */
function steady(b: Body, e: CExpr, body: readonly CStatement[]): boolean {
  if (b.unit.constants.evaluate(e)) return true;
  const changing: CExpr[] = [];
  for (const statement of body)
    eachExpression(statement, (one) => {
      eachPart(one, (part) => {
        if (part.k === 'call' && part.callee.k === 'id' && b.unit.functions.has(part.callee.name)) changing.push(part);
        if (part.k === 'assign' && part.l.k === 'field' && fieldsOf(e).has(part.l.name)) changing.push(part);
      });
    });
  const unsteady: CExpr[] = [];
  eachPart(e, (part) => {
    if (part.k === 'call' && part.callee.k === 'id' && part.callee.name !== 'ARRAY_SIZE') unsteady.push(part);
    if (part.k === 'field' && changing.length > 0) unsteady.push(part);
    if (part.k === 'assign' || part.k === 'step' || part.k === 'bad') unsteady.push(part);
  });
  return unsteady.length === 0 && [...namesIn(e)].every((name) => assignments(body, name) === 0);
}

function fieldsOf(e: CExpr): Set<string> {
  const fields = new Set<string>();
  eachPart(e, (part) => {
    if (part.k === 'field') fields.add(part.name);
  });
  return fields;
}

/** Whether the statements that follow in the same block read `name` before they assign it. */
function usedAfter(rest: readonly CStatement[], name: string): boolean {
  for (const statement of rest) {
    if (!statementMentions(statement, name)) continue;
    return !startsByAssigning(statement, name);
  }
  return false;
}

function startsByAssigning(statement: CStatement, name: string): boolean {
  if (statement.k === 'for') return statement.init?.k === 'expr' && startsByAssigning(statement.init, name);
  return (
    statement.k === 'expr' &&
    statement.e.k === 'assign' &&
    statement.e.op === '=' &&
    statement.e.l.k === 'id' &&
    statement.e.l.name === name &&
    !mentions(statement.e.r, name)
  );
}

/** Whether anything after the loop, in the whole function, may read what the loop leaves in `name`. */
function usedLater(b: Body, statement: CStatement, name: string): boolean {
  let used = false;
  const visit = (list: readonly CStatement[]): void => {
    for (const one of list) {
      if (one.end <= statement.start && b.enclosing.length === 0) continue;
      if (one === statement) continue;
      if (one.start < statement.start && one.end > statement.end) {
        for (const inner of parts(one)) visit([inner]);
        continue;
      }
      if (!statementMentions(one, name) || startsByAssigning(one, name)) continue;
      used = true;
    }
  };
  visit(b.info.c.body);
  return used;
}

function parts(statement: CStatement): CStatement[] {
  switch (statement.k) {
    case 'block':
      return statement.body;
    case 'if':
      return statement.no ? [statement.yes, statement.no] : [statement.yes];
    case 'while':
    case 'do':
    case 'for':
      return [statement.body];
    case 'switch':
      return statement.cases.flatMap(({ body }) => body);
    case 'label':
      return statement.body ? [statement.body] : [];
    default:
      return [];
  }
}
