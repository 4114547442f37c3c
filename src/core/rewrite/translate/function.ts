import { atom, type RStatement } from '../rust/ast';
import { Body, type Counts } from './body';
import { emittedName } from './scope';
import { placeholder, STAND_IN } from './returns';
import { diverges } from './control';
import { translateBody } from './labels';
import { isCalling, namesRead } from '../rust/uses';
import { tidy } from './tidy';
import { type FunctionInfo, type Returns, type Unit } from './unit';
import { shortPath } from './structs';
import type { Local } from './values';

/** A translated function. */
export interface TranslatedFunction {
  info: FunctionInfo;
  body: RStatement[];
  counts: Counts;
  missing: string[];
}

/** Translates the body of a function with the signature that `info` says. */
export function translateFunction(unit: Unit, info: FunctionInfo): TranslatedFunction {
  const b = new Body(unit, info);
  let body: RStatement[] = [];
  b.scoped(() => {
    body = translateBody(b, info.c.body);
  });
  if (info.returns.k === 'builds' && !b.made) {
    // Nothing makes the private structure: probe gives an error until it is.
    const last = body.at(-1);
    if (last?.k === 'return') body.pop();
    body.push({ k: 'return', e: { k: 'call', callee: 'Err', args: [atom('ENOTSUPP')] }, note: STAND_IN });
  }
  if (!diverges(body)) {
    const stand = placeholder(b, info.returns);
    if (stand) body.push(stand);
  }
  for (const { local, statement } of [...b.pending, ...b.lets]) settle(local, statement);
  for (const { local, statement } of b.pending) if (local.left) statement.note = STAND_IN;
  const kept = prune(
    body,
    new Set<RStatement>(
      b.pending.filter(({ local, statement }) => !local.hoisted || statement.name === '').map(({ statement }) => statement),
    ),
  );
  for (const { local } of [...b.pending.filter((one) => one.local.hoisted), ...b.lets]) unit.useTypes(local.type);
  const end = tail(tidy(kept), info.returns);
  forgetGone(b, end);
  return { info, body: end, counts: b.counts, missing: b.missing };
}

/** Counts as unread what only statements have read that control never comes to. */
function forgetGone(b: Body, body: readonly RStatement[]): void {
  const words = namesRead(body);
  const isGone = (local: Local): boolean => local.reads > 0 && !words.has(local.rust.replace(/^r#/, ''));
  for (const { local } of b.info.parameters) if (isGone(local)) local.reads = 0;
  for (const { local, statement } of [...b.pending, ...b.lets]) {
    if (!isGone(local)) continue;
    local.reads = 0;
    statement.name = emittedName(local);
  }
}

/** Gives a `let` its name and whether it is `mut`. */
function settle(local: Local, statement: RStatement & { k: 'let' }): void {
  statement.name = emittedName(local);
  const isFirst = statement.init !== null;
  statement.mut ||= isFirst && (local.writes > 0 || (local.owned && local.mutates > 0));
}

/** `body` without the statements in `gone`. */
function prune(body: readonly RStatement[], gone: ReadonlySet<RStatement>): RStatement[] {
  const inner = (list: readonly RStatement[]): RStatement[] => prune(list, gone);
  return body
    .filter((one) => !gone.has(one))
    .map((one): RStatement => {
      switch (one.k) {
        case 'if':
          return { ...one, yes: inner(one.yes), no: one.no && inner(one.no) };
        case 'while':
        case 'loop':
        case 'block':
          return { ...one, body: inner(one.body) };
        case 'for': {
          one.body = inner(one.body);
          return one;
        }
        case 'match':
          return { ...one, arms: one.arms.map((arm) => ({ ...arm, body: inner(arm.body) })) };
        default:
          return one;
      }
    });
}

/** The last `return` of a function as its value. */
function tail(body: RStatement[], returns: Returns): RStatement[] {
  const at = body.reduce((found, { k }, i) => (k !== 'comment' && k !== 'blank' ? i : found), -1);
  const last = body[at];
  if (!last) return body;
  const replace = (one: RStatement[]): RStatement[] => [...body.slice(0, at), ...one, ...body.slice(at + 1)];
  const commentsAfter = at < body.length - 1;
  switch (last.k) {
    case 'return':
      if (last.e === null) return replace([]);
      if (returns.k === 'unit' || commentsAfter)
        return commentsAfter ? [...body.slice(0, at), ...body.slice(at + 1), { ...last, k: 'value', e: last.e }] : body;
      return replace([{ ...last, k: 'value', e: last.e }]);
    case 'if':
      if (last.no === null || !diverges([last]))
        return last.no === null && returns.k === 'unit' && !commentsAfter
          ? replace(withoutEmpty({ ...last, yes: tail(last.yes, returns) }))
          : body;
      return replace([{ ...last, yes: tail(last.yes, returns), no: tail(last.no, returns) }]);
    case 'match':
      if (!diverges([last])) return body;
      return replace([{ ...last, arms: last.arms.map((arm) => ({ ...arm, body: tail(arm.body, returns) })) }]);
    default:
      return body;
  }
}

/** A condition that nothing depends on any more: it stays if it may do something. */
function withoutEmpty(one: RStatement & { k: 'if' }): RStatement[] {
  if (one.yes.length > 0 || typeof one.test === 'string') return [one];
  if (!isCalling(one.test)) return [];
  return [{ ...(one.source && { source: one.source }), k: 'let', name: '_', mut: false, type: null, init: one.test }];
}

/** Parameters that clippy lets a function have; the kernel sets no limit of its own. */
const MOST_PARAMETERS = 7;

/** The head of a function: `fn foo(priv_: &mut Foo, value: u32) -> Result`. */
export function functionHead(unit: Unit, info: FunctionInfo): string {
  const parameters = info.parameters.map(({ local }) => parameterText(unit, local));
  const returns = returnText(unit, info.returns);
  const end = returns === '' ? '' : ` -> ${returns}`;
  const flat = `fn ${info.rust}(${parameters.join(', ')})${end} {`;
  const expected =
    parameters.length > MOST_PARAMETERS ? '#[expect(clippy::too_many_arguments, reason = "as many as in C")]\n' : '';
  if (flat.length <= 100) return `${expected}${flat}`;
  return `${expected}fn ${info.rust}(\n${parameters.map((one) => `    ${one},\n`).join('')})${end} {`;
}

function parameterText(unit: Unit, local: Local): string {
  const name = emittedName(local);
  const { type } = local;
  switch (type.k) {
    case 'ref':
      unit.useStruct(type.name);
      return `${name}: ${local.mutates > 0 ? '&mut ' : '&'}${unit.types.of(type.name)}`;
    case 'device': {
      const module = type.kind.slice(0, type.kind.lastIndexOf('::'));
      unit.use(module);
      if (/phy::Device$/.test(type.kind)) return `${name}: &mut ${shortPath(type.kind)}`;
      if (local.context === 0) return `${name}: &${shortPath(type.kind)}`;
      unit.use(`kernel::device::${local.context === 1 ? 'Bound' : 'Core'}`);
      return `${name}: &${shortPath(type.kind)}<${local.context === 1 ? 'Bound' : "Core<'_>"}>`;
    }
    case 'registers':
      unit.helpers.add('registers');
      return `${name}: &Registers`;
    case 'clock':
      unit.helpers.add('clock');
      return `${name}: &Clock`;
    case 'slice':
      return `${name}: ${local.mutates > 0 ? '&mut ' : '&'}[${unit.typeText(type.of)}]`;
    case 'out':
      return `${name}: &mut ${unit.typeText(type.of)}`;
    default:
      return `${local.writes > 0 ? 'mut ' : ''}${name}: ${unit.typeText(type)}`;
  }
}

function returnText(unit: Unit, returns: Returns): string {
  switch (returns.k) {
    case 'unit':
    case 'none':
      return '';
    case 'value':
      return returns.of;
    case 'bool':
      return 'bool';
    case 'irqreturn':
      unit.use('kernel::irq::IrqReturn');
      return 'IrqReturn';
    case 'result':
      return 'Result';
    case 'result-value':
      return `Result<${returns.of}>`;
    case 'builds':
      return `Result<KBox<${unit.types.of(returns.name)}>>`;
  }
}
