import type { RExpr, RStatement } from './ast';

/** Names that a body reads, or may read: all words of its expressions but those that are only assigned. */
export function namesRead(body: readonly RStatement[]): Set<string> {
  const words = new Set<string>();
  const text = (of: string): void => {
    for (const word of of.match(/\w+/g) ?? []) words.add(word);
  };
  const expression = (e: RExpr): void => {
    switch (e.k) {
      case 'atom':
        text(e.text);
        break;
      case 'call':
        text(e.callee);
        e.args.forEach(expression);
        break;
      case 'macro':
        e.args.forEach(expression);
        break;
      case 'method':
        expression(e.of);
        e.args.forEach(expression);
        break;
      case 'index':
        expression(e.of);
        expression(e.at);
        break;
      case 'bin':
        expression(e.l);
        expression(e.r);
        break;
      case 'field':
      case 'un':
      case 'cast':
      case 'try':
        expression(e.of);
        break;
      case 'if':
        expression(e.test);
        expression(e.yes);
        expression(e.no);
        break;
      case 'struct':
        for (const { value } of e.fields) expression(value);
        break;
      case 'array':
        e.items.forEach(expression);
        break;
      case 'closure':
        text(e.head);
        expression(e.body);
        break;
    }
  };
  const statement = (one: RStatement): void => {
    switch (one.k) {
      case 'let':
        if (one.init) expression(one.init);
        break;
      case 'assign':
        if (one.op !== '=' || one.l.k !== 'atom') expression(one.l);
        expression(one.r);
        break;
      case 'expr':
      case 'value':
        expression(one.e);
        break;
      case 'return':
        if (one.e) expression(one.e);
        break;
      case 'if':
        if (typeof one.test === 'string') text(one.test);
        else expression(one.test);
        one.yes.forEach(statement);
        one.no?.forEach(statement);
        break;
      case 'while':
        expression(one.test);
        one.body.forEach(statement);
        break;
      case 'for':
        expression(one.range);
        one.body.forEach(statement);
        break;
      case 'loop':
      case 'block':
        one.body.forEach(statement);
        break;
      case 'match':
        expression(one.on);
        for (const { pattern, body: inner } of one.arms) {
          text(pattern);
          inner.forEach(statement);
        }
        break;
      default:
    }
  };
  body.forEach(statement);
  return words;
}
