import type { CExpr, CStatement, Scalar } from '../c/ast';
import { atom, strength, type RExpr, type RStatement } from '../rust/ast';
import { oneLine } from '../rust/print';
import type { Body, Enclosing } from './body';
import { explicit, typed } from './integers';
import { assignments, eachExpression, eachPart, mentions, namesIn, statementMentions } from './locals';
import { leading, perform, sequence, settleBefore } from './sequencing';
import { counted, diverges, translateBlock } from './statements';
import { leave, type Local } from './values';

type Loop = CStatement & { k: 'while' | 'do' | 'for' };

export function loop(b: Body, statement: Loop, rest: readonly CStatement[], out: RStatement[]): void {
  b.attempt(statement, out, () => {
    if (statement.k === 'for') forLoop(b, statement, rest, out);
    else if (statement.k === 'while') whileLoop(b, statement, out);
    else doLoop(b, statement, out);
  });
}

function enter(b: Body, next: boolean): Enclosing {
  const around: Enclosing = {
    kind: 'loop',
    label: b.freshLabel('outer'),
    breakUsed: false,
    next: next ? b.freshLabel('next') : null,
    nextUsed: false,
  };
  b.enclosing.push(around);
  return around;
}

function whileLoop(b: Body, statement: Loop & { k: 'while' }, out: RStatement[]): void {
  const first = leading(statement.test);
  if (first) {
    b.scoped(() => {
      const body: RStatement[] = [];
      perform(b, first.effect, { ...statement, end: statement.headEnd }, body);
      const from = body.length;
      const test = b.truth({ k: 'un', op: '!', of: first.rest });
      settleBefore(b, body, from);
      body.push({ k: 'if', test, yes: [{ k: 'break', label: null }], no: null });
      counted(b);
      b.commit();
      const around = enter(b, false);
      const rest = translateBlock(b, statement.body);
      b.enclosing.pop();
      stands(statement.test, rest);
      b.push(out, { k: 'loop', label: labelOf(around, rest), body: [...body, ...rest] }, statement);
    });
    return;
  }
  const test = condition(b, statement.test);
  counted(b);
  b.commit();
  const around = enter(b, false);
  const body = translateBlock(b, statement.body);
  b.enclosing.pop();
  spins(statement.test, body, test);
  b.push(out, test ? { k: 'while', label: labelOf(around, body), test, body } : { k: 'loop', label: null, body }, statement);
}

/** The condition of a loop; null for one that always holds. */
function condition(b: Body, test: CExpr): RExpr | null {
  const known = b.unit.constants.evaluate(test);
  if (known && known.value !== 0n) return null;
  // A statement before the loop would be run once, not each time.
  const { before } = b;
  b.before = null;
  const e = b.truth(test);
  b.before = before;
  return e;
}

/** A loop whose body could not be translated would never end. */
function spins(head: CExpr, body: readonly RStatement[], test: RExpr | null): void {
  if (body.every(({ k }) => k === 'comment')) leave('nothing of its body could be translated');
  stands(head, body);
  if (!test && !exits(body)) leave('what ends it could not be translated');
}

/** Gives up a loop that may run for ever, since what changes a variable of its condition stands in a comment. */
function stands(head: CExpr, body: readonly RStatement[]): void {
  const left = comments(body).join('\n');
  if (left === '') return;
  for (const name of namesIn(head))
    if (new RegExp(`\\b${name}\\s*(?:\\+\\+|--|[-+*/%|&^]?=(?!=)|<<=|>>=)|(?:\\+\\+|--|&)\\s*${name}\\b`).test(left))
      leave('what it goes on with could not be translated');
}

function comments(body: readonly RStatement[]): string[] {
  return body.flatMap((one) => {
    switch (one.k) {
      case 'comment':
        return one.lines;
      case 'if':
        return [...comments(one.yes), ...comments(one.no ?? [])];
      case 'while':
      case 'loop':
      case 'for':
      case 'block':
        return comments(one.body);
      case 'match':
        return one.arms.flatMap((arm) => comments(arm.body));
      default:
        return [];
    }
  });
}

/** Whether something in `body` leaves the loop. */
function exits(body: readonly RStatement[]): boolean {
  return body.some((one) => {
    switch (one.k) {
      case 'return':
      case 'break':
        return true;
      case 'if':
        return exits(one.yes) || (one.no !== null && exits(one.no));
      case 'block':
        return exits(one.body);
      case 'match':
        return one.arms.some((arm) => exits(arm.body));
      default:
        return false;
    }
  });
}

const labelOf = (around: Enclosing, body: readonly RStatement[]): string | null =>
  around.breakUsed && breaksTo(body, around.label) ? around.label : null;

function breaksTo(body: readonly RStatement[], label: string): boolean {
  return body.some((one) => {
    switch (one.k) {
      case 'break':
        return one.label === label;
      case 'if':
        return breaksTo(one.yes, label) || (one.no !== null && breaksTo(one.no, label));
      case 'block':
      case 'while':
      case 'loop':
      case 'for':
        return breaksTo(one.body, label);
      case 'match':
        return one.arms.some((arm) => breaksTo(arm.body, label));
      default:
        return false;
    }
  });
}

function doLoop(b: Body, statement: Loop & { k: 'do' }, out: RStatement[]): void {
  const known = b.unit.constants.evaluate(statement.test);
  const once = known?.value === 0n;
  const { before } = b;
  b.before = null;
  const test = known ? null : b.truth({ k: 'un', op: '!', of: statement.test });
  b.before = before;
  counted(b);
  b.commit();
  const around = enter(b, true);
  const body = translateBlock(b, statement.body);
  b.enclosing.pop();
  const inner: RStatement[] = around.nextUsed ? [{ k: 'block', label: around.next, body }] : [...body];
  if (diverges(inner)) {
    // What stands in the condition is never come to.
  } else if (once) inner.push({ k: 'break', label: null });
  else if (test) inner.push({ k: 'if', test, yes: [{ k: 'break', label: null }], no: null });
  if (body.every(({ k }) => k === 'comment')) leave('nothing of its body could be translated');
  if (!once) stands(statement.test, body);
  if (!once && !test && !exits(body)) leave('what ends it could not be translated');
  if (once && !around.breakUsed && !around.nextUsed) {
    b.push(out, { k: 'block', label: null, body }, statement);
    return;
  }
  b.push(out, { k: 'loop', label: labelOf(around, inner), body: inner }, statement);
}

function forLoop(b: Body, statement: Loop & { k: 'for' }, rest: readonly CStatement[], out: RStatement[]): void {
  if (range(b, statement, rest, out)) return;
  b.scoped(() => {
    const all: RStatement[] = [];
    const { init } = statement;
    if (init?.k === 'expr') for (const part of sequence(init.e)) perform(b, part, init, all);
    else if (init?.k === 'decl' && init.variables.length === 1) {
      const [variable] = init.variables;
      const type = b.unit.varType(variable!.type);
      if (type.k !== 'int' || !variable!.init) return leave('its variable has no Rust type');
      const value = b.int(variable!.init, type.of);
      const local = b.declare(variable!, type);
      local.declared = true;
      const text: RStatement & { k: 'let' } = { k: 'let', name: '', mut: true, type: type.of, init: value };
      b.lets.push({ local, statement: text });
      all.push(text);
    } else if (init && init.k !== 'empty') leave('it starts with more than one assignment');
    const test = statement.test ? condition(b, statement.test) : null;
    counted(b);
    b.commit();
    const around = enter(b, true);
    const body = translateBlock(b, statement.body);
    b.enclosing.pop();
    const inner: RStatement[] = around.nextUsed ? [{ k: 'block', label: around.next, body }] : [...body];
    const { update } = statement;
    if (update && !diverges(inner)) {
      const at: CStatement = { k: 'expr', e: update, start: statement.start, end: statement.headEnd };
      const updates: RStatement[] = [];
      for (const part of sequence(update)) perform(b, part, at, updates);
      b.commit();
      for (const one of updates) delete one.source;
      inner.push(...updates);
    }
    if (body.every(({ k }) => k === 'comment')) leave('nothing of its body could be translated');
    if (statement.test) stands(statement.test, body);
    if (!test && !exits(body)) leave('what ends it could not be translated');
    const label = labelOf(around, inner);
    all.push(test ? { k: 'while', label, test, body: inner } : { k: 'loop', label, body: inner });
    if (statement.init?.k === 'decl') b.push(out, { k: 'block', label: null, body: all }, statement);
    else for (const one of all) b.push(out, one, statement);
  });
}

/** `for (i = 0; i < n; i++)` as a range, where the variable is the loop's alone. @returns whether it is one */
function range(b: Body, statement: Loop & { k: 'for' }, rest: readonly CStatement[], out: RStatement[]): boolean {
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
