import type { CExpr, CStatement } from '../c/ast';
import { bitsOf } from '../c/expressions';
import { atom, method, type RExpr, type RStatement } from '../rust/ast';
import { oneLine } from '../rust/print';
import { withoutNeutrals } from '../rust/simplify';
import { hasEffect } from './arguments';
import type { Body } from './body';
import { aliasAssigned } from './aliases';
import { deviceAssignment } from './device-fields';
import { deviceOf } from './devices';
import { mapRegisters } from './effects';
import { isUnsigned } from './integers';
import { mentions } from './locals';
import { irqReturn } from './returns';
import { perform } from './sequencing';
import type { Place } from './scope';
import { leave, type Local } from './values';

/** `left op= right;` */
export function assign(b: Body, statement: CStatement, e: CExpr & { k: 'assign' }, out: RStatement[]): void {
  if (e.op !== '=') {
    compound(b, statement, e, out);
    return;
  }
  if (e.r.k === 'assign') {
    const { r } = e;
    if (hasEffect(r.l)) leave('it assigns inside an expression');
    // The outer one gets what the inner variable can hold of the value.
    const known = b.unit.constants.evaluate(r.r);
    const same = r.op === '=' && r.r.k !== 'assign' && known !== null && known.value >= 0n && known.value < 128n;
    perform(b, r, statement, out);
    assign(b, statement, { ...e, r: same ? r.r : r.l }, out);
    return;
  }
  if (e.l.k === 'id') {
    const local = b.local(e.l.name);
    // Typed private data comes as a parameter.
    if (local && b.info.parameters.some((one) => one.at === -1 && one.local === local)) return;
    if (local?.ctype.k === 'ptr' && !local.isParameter && aliasAssigned(b, statement, local, e.r, out)) return;
    if (local && !local.alias && first(b, local, statement, e.r, out)) return;
  }
  const setter = deviceAssignment(b, e.l, e.r);
  if (setter) {
    b.push(out, { k: 'expr', e: setter }, statement);
    return;
  }
  const target = b.place(e.l);
  switch (target.type.k) {
    case 'int':
      store(b, target, b.int(e.r, target.type.of), statement, out);
      return;
    case 'bool':
      store(b, target, b.truth(e.r), statement, out);
      return;
    case 'irqreturn':
      store(b, target, irqReturn(b, e.r), statement, out);
      return;
    case 'device': {
      if (e.l.k === 'id') leave('it is a pointer that changes');
      const device = deviceOf(b, e.r, target.type.kind, 0);
      if (device.root === target.root) leave('it copies a device inside one structure');
      b.change(target);
      const argument = device.argument.k === 'un' ? method(device.argument.of, 'clone') : method(device.argument, 'into');
      b.push(out, { k: 'assign', op: '=', l: target.e, r: argument }, statement);
      return;
    }
    case 'clock':
    case 'registers': {
      if (e.l.k === 'id') leave('it is a pointer that changes');
      if (target.type.k === 'clock') leave('it is a pointer that changes');
      const mapped = mapRegisters(b, e.r);
      b.change(target);
      b.push(out, { k: 'assign', op: '=', l: target.e, r: mapped }, statement);
      return;
    }
    default:
      leave('it is of a type that Rust cannot assign here');
  }
}

/** Takes back the read that naming a plain local variable as a target has counted. */
export function undoRead(b: Body, root: Local | null): void {
  if (root && /^(?:int|bool|irqreturn|array|struct)$/.test(root.type.k))
    b.later(() => {
      root.reads--;
    });
}

/** The first assignment of a variable in the block that declares it is its `let`. @returns whether it is one */
function first(b: Body, local: Local, statement: CStatement, r: CExpr, out: RStatement[]): boolean {
  if (local.declared || local.hoisted || !b.isInnermost(local) || mentions(r, local.name)) return false;
  const { type } = local;
  const init =
    type.k === 'int' ? b.int(r, type.of) : type.k === 'bool' ? b.truth(r) : type.k === 'irqreturn' ? irqReturn(b, r) : null;
  return init !== null && b.letFirst(local, init, statement, out);
}

/** `target = r`; `target op= …` where `r` is that. */
function store(b: Body, target: Place, r: RExpr, statement: CStatement, out: RStatement[]): void {
  const folded = withOperator(target.e, withoutNeutrals(r));
  const [to, from] = [oneLine(target.e), oneLine(r)];
  // A cast to a macro's type: Rust would see nothing that it does.
  if (!folded && to !== undefined && to === from && target.e.k !== 'atom') return;
  if (from !== undefined && to === swapped(b, from, out)) leave('what it takes is computed in what is left above');
  // What is only assigned counts as no read.
  undoRead(b, target.root);
  if (folded) undoRead(b, target.root);
  b.change(target);
  b.push(out, { k: 'assign', op: folded ? `${folded.op}=` : '=', l: target.e, r: folded?.r ?? r }, statement);
}

/** What the variable `name` has been made of, if nothing but what is left in C stands between. */
function swapped(b: Body, name: string, out: readonly RStatement[]): string | undefined {
  const last = [...out].reverse().find(({ k }) => k !== 'comment' && k !== 'blank');
  const made = b.lets.find(({ statement }) => statement === last);
  if (!made || last === out.at(-1) || last?.k !== 'let' || !last.init || oneLine(b.name(made.local)) !== name) return undefined;
  return oneLine(last.init);
}

/** `x op y` or, where the operands may change places, `y op x`: what `x op=` takes. */
function withOperator(x: RExpr, e: RExpr): { op: string; r: RExpr } | undefined {
  if (e.k !== 'bin' || !/^(?:[-+*/%&|^]|<<|>>)$/.test(e.op)) return undefined;
  const target = oneLine(x);
  if (target === undefined) return undefined;
  if (oneLine(e.l) === target) return { op: e.op, r: e.r };
  return /^[+*&|^]$/.test(e.op) && oneLine(e.r) === target ? { op: e.op, r: e.l } : undefined;
}

function compound(b: Body, statement: CStatement, e: CExpr & { k: 'assign' }, out: RStatement[]): void {
  const op = e.op.slice(0, -1);
  const target = b.place(e.l);
  if (hasEffect(e.l)) leave('its target does something');
  if (target.type.k === 'bool' && !/^[&|^]$/.test(op)) leave('it computes with a boolean');
  if (target.type.k !== 'bool' && target.type.k !== 'int') return leave('it is a pointer that changes');
  if (/^[&|^]$/.test(op)) {
    const r = target.type.k === 'bool' ? b.truth(e.r) : b.int(e.r, target.type.of);
    undoRead(b, target.root);
    b.change(target);
    b.push(out, { k: 'assign', op: e.op, l: target.e, r }, statement);
    return;
  }
  if (target.type.k === 'bool') return;
  store(b, target, b.int({ k: 'bin', op, l: e.l, r: e.r }, target.type.of), statement, out);
}

/** `x++;` */
export function step(b: Body, statement: CStatement, e: CExpr & { k: 'step' }, out: RStatement[]): void {
  const target = b.place(e.of);
  if (target.type.k !== 'int' || hasEffect(e.of)) return leave('it is a pointer that changes');
  const { of } = target.type;
  undoRead(b, target.root);
  b.change(target);
  // Counting up ends at a limit; an unsigned number that counts down may go past zero.
  const counter = e.op === '++' && e.of.k === 'id' && bitsOf(of) >= 32 && target.root?.type.k === 'int';
  if (counter || !isUnsigned(of)) {
    if (bitsOf(of) < 32) {
      const r = method(target.e, e.op === '++' ? 'wrapping_add' : 'wrapping_sub', atom('1'));
      b.push(out, { k: 'assign', op: '=', l: target.e, r }, statement);
    } else b.push(out, { k: 'assign', op: e.op === '++' ? '+=' : '-=', l: target.e, r: atom('1') }, statement);
    return;
  }
  const r = method(target.e, e.op === '++' ? 'wrapping_add' : 'wrapping_sub', atom('1'));
  b.push(out, { k: 'assign', op: '=', l: target.e, r }, statement);
}
