import type { RExpr, RStatement } from './ast';

/** Names that a body reads, or may read: all words of its expressions but those that are only assigned. */
export function namesRead(body: readonly RStatement[]): Set<string> {
  const words = new Set<string>();
  const text = (of: string): void => {
    for (const word of of.match(/\w+/g) ?? []) words.add(word);
  };
  eachExpression(body, (e) => {
    if (e.k === 'atom') text(e.text);
    if (e.k === 'call') text(e.callee);
    if (e.k === 'closure') text(e.head);
  });
  eachStatement(body, (one) => {
    if (one.k === 'if' && typeof one.test === 'string') text(one.test);
    if (one.k === 'match') for (const { pattern } of one.arms) text(pattern);
  });
  return words;
}

/** Variables and fields, as `a.b`, that an expression reads. */
export function placesRead(e: RExpr): string[] {
  const place = placeOf(e);
  return place === undefined ? partsOf(e).flatMap(placesRead) : [place];
}

/** Variables and fields, as `a.b`, that a body may change: what it assigns, calls a method of, or hands to a function. */
export function placesChanged(body: readonly RStatement[]): string[] {
  const places: string[] = [];
  const add = (e: RExpr): void => {
    const place = placeOf(e) ?? (e.k === 'un' || e.k === 'index' || e.k === 'method' || e.k === 'try' ? undefined : '');
    if (place === undefined) partsOf(e).slice(0, 1).forEach(add);
    else if (place !== '') places.push(place);
  };
  eachExpression(body, (e) => {
    if (e.k === 'method') add(e.of);
    if (e.k === 'call' || e.k === 'method') e.args.filter((arg) => arg.k !== 'field').forEach(add);
  });
  eachStatement(body, (one) => {
    if (one.k === 'assign') add(one.l);
  });
  return places;
}

/** Whether an expression calls something. */
export const isCalling = (e: RExpr): boolean =>
  e.k === 'call' || e.k === 'method' || e.k === 'macro' || e.k === 'try' || partsOf(e).some(isCalling);

/** Whether two places share memory: one is the other or a part of it. */
export const overlap = (a: string, b: string): boolean => a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);

/** A variable, or a field of one, as `a.b`; undefined of anything else. */
function placeOf(e: RExpr): string | undefined {
  if (e.k === 'atom') return /^(?:&mut |[&*])?((?:r#)?[a-z_]\w*(?:\.\w+)*)$/.exec(e.text)?.[1];
  const of = e.k === 'field' ? placeOf(e.of) : undefined;
  return e.k === 'field' && of !== undefined ? `${of}.${e.name}` : undefined;
}

/** Calls `visit` for each statement of a body and those inside them. */
function eachStatement(body: readonly RStatement[], visit: (one: RStatement) => void): void {
  for (const one of body) {
    visit(one);
    if (one.k === 'if') eachStatement([...one.yes, ...(one.no ?? [])], visit);
    else if (one.k === 'match') for (const arm of one.arms) eachStatement(arm.body, visit);
    else if ('body' in one) eachStatement(one.body, visit);
  }
}

/** Calls `visit` for each expression of a body and those inside them. */
function eachExpression(body: readonly RStatement[], visit: (e: RExpr) => void): void {
  const deep = (e: RExpr): void => {
    visit(e);
    for (const part of partsOf(e)) deep(part);
  };
  eachStatement(body, (one) => {
    if (one.k === 'let' && one.init) deep(one.init);
    else if (one.k === 'assign') {
      // A plain variable that is assigned is not read.
      if (one.op !== '=' || one.l.k !== 'atom') deep(one.l);
      deep(one.r);
    } else if ((one.k === 'expr' || one.k === 'value' || one.k === 'return') && one.e) deep(one.e);
    else if ((one.k === 'if' || one.k === 'while') && typeof one.test !== 'string') deep(one.test);
    else if (one.k === 'for') deep(one.range);
    else if (one.k === 'match') deep(one.on);
  });
}

/** The expressions that one is made of. */
function partsOf(e: RExpr): RExpr[] {
  switch (e.k) {
    case 'call':
    case 'macro':
      return e.args;
    case 'method':
      return [e.of, ...e.args];
    case 'index':
      return [e.of, e.at];
    case 'bin':
      return [e.l, e.r];
    case 'field':
    case 'un':
    case 'cast':
    case 'try':
      return [e.of];
    case 'if':
      return [e.test, e.yes, e.no];
    case 'struct':
      return e.fields.map(({ value }) => value);
    case 'array':
      return e.items;
    case 'closure':
      return [e.body];
    default:
      return [];
  }
}
