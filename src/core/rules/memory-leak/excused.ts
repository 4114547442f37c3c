import { CKind, Field, NONE } from '../../syntax';
import type { FunctionDefinition } from '../../driver';
import type { Report, RuleContext } from '../model';

/** A report of a lost object, with the text that it is judged by. */
interface Lost {
  context: RuleContext;
  report: Report;
  definition: FunctionDefinition;
  /** The object as the text names it: `buf`, `iv->vector`, `names[0]`. */
  object: string;
  /** What gave it. */
  from: string;
  /** The function. */
  text: string;
  /** The function up to the way out, without comments. */
  before: string;
}

const escaped = (text: string): string => text.replace(/[^\w]/g, '\\$&');

/** The report at the first way out that nothing excuses; none if each is excused. */
export function standing(context: RuleContext, report: Report): Report[] {
  if (!isExcused(context, report)) return [report];
  const { tree } = context;
  const next = report.related?.find(({ message }) => message.startsWith('this way out'));
  if (!next) return [];
  let node = tree.nodeAt(next.start);
  while (tree.parents[node] !== NONE && tree.starts[tree.parents[node]!] === next.start) node = tree.parents[node]!;
  return standing(context, { ...report, node, related: report.related!.filter((one) => one !== next) });
}

/** Whether the text shows another way in which the object is kept or given back, so that a report of the flow analysis does not hold. */
function isExcused(context: RuleContext, report: Report): boolean {
  const [, object, from] =
    /^([^,]+), which (\w+)\(\)/.exec(report.message) ??
    (isOfLoop(report) ? ['', / on (\S+)$/.exec(report.message)?.[1], ''] : []);
  const definition = object === undefined ? undefined : context.model.functions.find(({ name }) => name === report.function);
  if (!definition) return false;
  const { tree } = context;
  const lost: Lost = {
    context,
    report,
    definition,
    object: object!,
    from: from!,
    text: tree.text.slice(definition.start, definition.end),
    before: tree.text.slice(definition.start, tree.starts[report.node]).replace(/\/\*[\s\S]*?\*\//g, ' '),
  };
  return REASONS.some((isReason) => isReason(lost));
}

/** The address that a device knows a descriptor by is stored in another one: the object hangs on that chain. */
function isChained({ from, text }: Lost): boolean {
  if (!/^(?:dma_pool_z?alloc|dma_alloc_coherent)$/.test(from)) return false;
  return [...text.matchAll(new RegExp(`\\b${from}\\s*\\([^;]*&(\\w+)`, 'g'))].some(([, handle]) =>
    new RegExp(`(?:->|\\.)\\w*(?:next|link|chain|lli)\\w*\\s*=[^=;]*\\b${handle!}\\b`).test(text),
  );
}

/**
 * A list is built at its tail (`last->next = d; … last = d`) whose head another object or a variable keeps (`set->first = d`), and that is handed on
 * right before the way out: what hangs on it goes with it.
 */
function isInList({ object, text, before }: Lost): boolean {
  for (const [, tail, item] of text.matchAll(/\b(\w+)->\w+\s*=\s*(\w+)\s*;(?=[\s\S]*?\b\1\s*=\s*\2\s*;)/g)) {
    if (object !== tail && object !== item) continue;
    for (const [, head] of text.matchAll(new RegExp(`\\b(\\w+)(?:(?:->|\\.)\\w+)?\\s*=\\s*${item!}\\s*;`, 'g')))
      if (head !== tail && new RegExp(`\\w\\s*\\([^;{}]*\\b${head!}\\b[^;{}]*;\\s*$`).test(before)) return true;
  }
  return false;
}

/** The elements of an array are given back one by one by a loop with an index: `while (i >= 0) { kfree(names[i]); i--; }`. */
function isElement({ object, before }: Lost): boolean {
  const array = /^(.+)\[[^\]]*\]$/.exec(object)?.[1];
  if (array === undefined) return false;
  const given = new RegExp(`\\b\\w*(?:free|put|release|destroy)\\w*\\s*\\([^;{}]*\\b${escaped(array)}\\s*\\[([^\\];]*)\\]`, 'g');
  return [...before.matchAll(given)].some(([, index]) => {
    const counter = /^[^\w]*([a-z]\w*)/i.exec(index!)?.[1];
    return counter !== undefined && new RegExp(`\\b${counter}\\s*(?:--|\\+\\+)|(?:--|\\+\\+)\\s*${counter}\\b`).test(before);
  });
}

/** The variables that point into the object. */
function partsOf({ object, before }: Lost): string[] {
  const parts = [object];
  // In text order, so that parts of parts are found.
  for (const [, part, whole] of before.matchAll(/\b(\w+)\s*=\s*(?:\([^()]*\*\s*\)\s*)?&?(\w+)(?:->|\.)[\w.>-]+\s*;/g))
    if (parts.includes(whole!)) parts.push(part!);
  return parts;
}

/** A part of the object that is returned, or given back right before this way out, takes the whole with it: `put_device(&cdev->dev); return ret;` */
function isGivenByPart(lost: Lost): boolean {
  const names = partsOf(lost).slice(1).join('|');
  if (names === '') return false;
  return (
    new RegExp(`^return\\s+&?(?:${names})\\b`).test(lost.context.tree.textOf(lost.report.node)) ||
    new RegExp(`\\w*(?:put|uninit|release|unregister)\\w*\\s*\\(\\s*&?(?:${names})\\b[^;{}]*;\\s*$`).test(lost.before)
  );
}

/** The object is a device's driver data, and a function of the file that gets it back from there, and gives back, is called before the way out. */
function isDriverData(lost: Lost): boolean {
  const { context, before } = lost;
  const names = partsOf(lost).map(escaped).join('|');
  if (!new RegExp(`set_?\\w*data\\s*\\([^;]*,\\s*(?:${names})\\s*\\)`).test(before)) return false;
  const last = /\b(\w+)\s*\([^;{}]*\)\s*;\s*$/.exec(before)?.[1];
  const callee = context.model.functions.find(({ name }) => name === last);
  const text = callee ? context.tree.text.slice(callee.start, callee.end) : '';
  return /get_?\w*data\s*\(/.test(text) && /\w*(?:free|put|release)\w*\s*\(/.test(text);
}

/** The conditions of the `if`s around a node, the innermost first, with the node of each. */
function ifsAround({ context: { tree }, definition }: Lost, node: number): { text: string; isTrue: boolean }[] {
  const found: { text: string; isTrue: boolean }[] = [];
  for (let up = tree.parents[node]!, from = node; up !== NONE && up !== definition.node; from = up, up = tree.parents[up]!) {
    if (tree.kinds[up] !== (CKind.if_statement as number) || tree.fields[from] === (Field.condition as number)) continue;
    const text = tree.textOf(tree.childByField(up, Field.condition)).replace(/^\(|\)$|\s+/g, '');
    found.push({ text, isTrue: tree.fields[from] === (Field.consequence as number) });
  }
  return found;
}

/** It is acquired if a flag is set, and given back on the way out if the same flag is set in what was stored of it. */
function isUnderFlag({ object, text, before }: Lost): boolean {
  const name = escaped(object);
  const given = new RegExp(`\\bif\\s*\\(([^;{}]*)\\)\\s*\\{?\\s*\\w*free\\w*\\s*\\([^;{}]*${name}\\b`, 'g');
  const set = new RegExp(
    `\\bif\\s*\\(\\s*[\\w.>-]+\\s*&\\s*([A-Z_0-9]{4,})\\s*\\)\\s*\\{[^}]*?(?<![\\w.>])${name}\\s*=[^=]`,
    'g',
  );
  const flags = [...text.matchAll(set)].map(([, flag]) => flag!);
  return [...before.matchAll(given)].some(([, condition]) =>
    flags.some((flag) => new RegExp(`&\\s*${flag}\\b`).test(condition!)),
  );
}

/** `rc = acme_send(dev, skb); if (rc == 0) return;`: who was handed the object says that it has it. */
function isTaken(lost: Lost): boolean {
  const { report, object, before, context } = lost;
  if (!/^return\s*;/.test(context.tree.textOf(report.node))) return false;
  const [around] = ifsAround(lost, report.node);
  const status = around?.isTrue ? /^(?:!(\w+)|(\w+)==0)$/.exec(around.text) : null;
  const variable = status?.[1] ?? status?.[2];
  const name = escaped(object);
  return variable !== undefined && new RegExp(`\\b${variable}\\s*=\\s*\\w+\\s*\\([^;]*\\b${name}\\b`).test(before);
}

/** The way out is for a parameter that is NULL, and all callers of the static function hand it an address: `acme_button(&pdev->dev)`. */
function isNeverNull(lost: Lost): boolean {
  const { context, report, definition } = lost;
  const parameter = /^!(\w+)$|^(\w+)==NULL$/.exec(ifsAround(lost, report.node).find(({ isTrue }) => isTrue)?.text ?? '');
  const name = parameter?.[1] ?? parameter?.[2];
  if (name === undefined || !definition.isStatic) return false;
  const { text } = context.tree;
  const head = text.slice(definition.nameStart, text.indexOf('{', definition.nameStart));
  const parameters = head.slice(head.indexOf('(') + 1, head.lastIndexOf(')')).split(',');
  const at = parameters.findIndex((one) => new RegExp(`\\*\\s*${name}\\s*$`).test(one));
  if (at < 0) return false;
  const uses = [...text.matchAll(new RegExp(`\\b${definition.name}\\b(\\s*\\(([^;{}]*?)\\)\\s*[;)])?`, 'g'))].filter(
    ({ index }) => index !== definition.nameStart,
  );
  return (
    uses.length > 0 &&
    uses.every(({ index, 2: list }) => {
      const given = list?.includes('(') === false ? (list.split(',')[at]?.trim() ?? '') : '';
      const caller = context.model.functions.find(({ start, end }) => start < index && index < end);
      if (!caller || given === '') return false;
      if (given.startsWith('&')) return true;
      const sets = [...text.slice(caller.start, index).matchAll(new RegExp(`\\b${escaped(given)}\\s*=(?!=)\\s*(&?)`, 'g'))];
      return sets.length > 0 && sets.every(([, address]) => address === '&');
    })
  );
}

/** `parent = of_get_parent(np); … if (!np || !parent) return`: of no node there is no parent. */
function isOfNothing(lost: Lost): boolean {
  const { object, from, text, report } = lost;
  const argument = new RegExp(`\\b${from}\\s*\\(\\s*(\\w+)\\s*[,)]`).exec(text)?.[1];
  const [around] = ifsAround(lost, report.node);
  if (argument === undefined || !around?.isTrue || !/^(?:of|fwnode|device)_get_/.test(from)) return false;
  return around.text.split('||').every((part) => part === `!${argument}` || part === `!${object}`);
}

const isOfLoop = ({ message }: Report): boolean => message.startsWith('the loop is left');

/**
 * A loop is only left early when a count has reached its bound (`i = a + b; if (i >= max) break;`), and the way out is for counts that are
 * zero (`if (!a && !b) return`): there the loop came to its end.
 */
function isOfNoneCounted(lost: Lost): boolean {
  const { report, before } = lost;
  const zero = ifsAround(lost, report.node)[0];
  if (!isOfLoop(report) || !zero?.isTrue || !/^!\w+(?:&&!\w+)*$/.test(zero.text)) return false;
  const counts = zero.text.match(/\w+/g)!;
  const loop = before.slice(before.lastIndexOf('for_each'));
  const breaks = [...loop.matchAll(/\bif\s*\(\s*(\w+)\s*>=\s*\w+\s*\)\s*\{?\s*break\s*;/g)];
  const leaves = loop.match(/\b(?:break|goto)\b/g) ?? [];
  const isCount = (name: string): boolean =>
    counts.includes(name) ||
    new RegExp(`\\b${name}\\s*=\\s*(?:${counts.join('|')})(?:\\s*\\+\\s*(?:${counts.join('|')}))*\\s*;`).test(loop);
  return breaks.length > 0 && breaks.length === leaves.length && breaks.every(([, name]) => isCount(name!));
}

const REASONS = [
  isOfNoneCounted,
  isOfNothing,
  isChained,
  isInList,
  isElement,
  isGivenByPart,
  isDriverData,
  isUnderFlag,
  isTaken,
  isNeverNull,
] as const;
