import type { CExpr, CStatement } from '../c/ast';
import type { RExpr, RStatement } from '../rust/ast';
import type { Body, Enclosing } from './body';
import { diverges } from './control';
import { exits, idles, labelOf, runsOnce, spins, stands } from './loop-ends';
import { range } from './ranges';
import { leading, perform, sequence, settleBefore } from './sequencing';
import { counted, translateBlock } from './statements';
import { leave } from './values';

export type Loop = CStatement & { k: 'while' | 'do' | 'for' };

export function loop(b: Body, statement: Loop, rest: readonly CStatement[], out: RStatement[]): void {
  b.attempt(statement, out, () => {
    if (statement.k === 'for') forLoop(b, statement, rest, out);
    else if (statement.k === 'while') whileLoop(b, statement, out);
    else doLoop(b, statement, out);
  });
}

export function enter(b: Body, next: boolean): Enclosing {
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
      runsOnce(rest);
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
  if (!once) runsOnce(body);
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
    if (test ? idles(test, inner) : !exits(body)) leave('what ends it could not be translated');
    runsOnce(inner);
    const label = labelOf(around, inner);
    all.push(test ? { k: 'while', label, test, body: inner } : { k: 'loop', label, body: inner });
    if (statement.init?.k === 'decl') b.push(out, { k: 'block', label: null, body: all }, statement);
    else for (const one of all) b.push(out, one, statement);
  });
}
