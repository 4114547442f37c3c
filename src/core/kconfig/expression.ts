import { ownKeys } from '../own-keys';
/** An expression of Kconfig, as in `depends on !MODVERSIONS || GENDWARFKSYMS`. */
export type Expression =
  | { k: 'symbol'; name: string }
  | { k: 'not'; of: Expression }
  | { k: 'and' | 'or'; left: Expression; right: Expression }
  | { k: 'compare'; operator: '=' | '!=' | '<' | '<=' | '>' | '>='; left: string; right: string };

/** The value of a symbol by its name without `CONFIG_`: `y`, `m`, a number or a string; undefined is `n`. */
export type ValueOf = (name: string) => string | undefined;

/** Parses an expression; undefined if it is of another form, such as one that calls a macro of Kconfig. */
export function parseExpression(text: string): Expression | undefined {
  const tokens = text.match(/"[^"]*"|'[^']*'|[\w-]+|\|\||&&|!=|<=|>=|[!()=<>]|\S/g) ?? [];
  let at = 0;
  const primary = (): Expression | undefined => {
    const token = tokens[at++];
    if (token === '!') {
      const of = primary();
      return of && { k: 'not', of };
    }
    if (token === '(') {
      const inside = or();
      return tokens[at++] === ')' ? inside : undefined;
    }
    if (token === undefined || !isOperand(token)) return undefined;
    const operator = tokens[at];
    if (!isComparison(operator)) return { k: 'symbol', name: token };
    const right = tokens[at + 1];
    if (right === undefined || !isOperand(right)) return undefined;
    at += 2;
    return { k: 'compare', operator, left: token, right };
  };
  const chain = (k: 'and' | 'or', sign: string, next: () => Expression | undefined) => (): Expression | undefined => {
    let left = next();
    while (left && tokens[at] === sign) {
      at++;
      const right = next();
      left = right && { k, left, right };
    }
    return left;
  };
  const and = chain('and', '&&', primary);
  const or = chain('or', '||', and);
  const whole = or();
  return at === tokens.length ? whole : undefined;
}

const isOperand = (token: string): boolean => /^["'\w-]/.test(token);
const isComparison = (token: string | undefined): token is (Expression & { k: 'compare' })['operator'] =>
  /^(?:=|!=|<=?|>=?)$/.test(token ?? '');

const LEVEL: Record<string, number> = ownKeys({ n: 0, m: 1, y: 2 });

/** 0, 1 or 2 for `n`, `m` and `y`, by Kconfig's rules: `&&` is the least, `||` the greatest, `!` the complement. */
export function evaluate(expression: Expression, valueOf: ValueOf): number {
  switch (expression.k) {
    case 'symbol':
      return LEVEL[operand(expression.name, valueOf)] ?? 0;
    case 'not':
      return 2 - evaluate(expression.of, valueOf);
    case 'and':
      return Math.min(evaluate(expression.left, valueOf), evaluate(expression.right, valueOf));
    case 'or':
      return Math.max(evaluate(expression.left, valueOf), evaluate(expression.right, valueOf));
    case 'compare':
      return compare(expression, valueOf) ? 2 : 0;
  }
}

function compare({ operator, left, right }: Expression & { k: 'compare' }, valueOf: ValueOf): boolean {
  const [a, b] = [operand(left, valueOf), operand(right, valueOf)];
  // Numbers are compared as such, everything else as text; an undefined symbol is no number.
  const [x, y] = [number(a), number(b)];
  const order = x !== undefined && y !== undefined ? x - y : a < b ? -1 : a > b ? 1 : 0;
  if (operator === '=') return order === 0;
  if (operator === '!=') return order !== 0;
  return operator === '<' ? order < 0 : operator === '<=' ? order <= 0 : operator === '>' ? order > 0 : order >= 0;
}

const number = (text: string): number | undefined => (/^-?(?:\d+|0[xX][0-9a-fA-F]+)$/.test(text) ? Number(text) : undefined);

/** The value of an operand: a constant stands for itself. */
function operand(token: string, valueOf: ValueOf): string {
  if (/^["']/.test(token)) return token.slice(1, -1);
  if (/^(?:[ynm]|-?\d+|0[xX][0-9a-fA-F]+)$/.test(token)) return token;
  return valueOf(token) ?? 'n';
}

/** Names of the symbols that keep an expression from being true; empty if it is true. Of alternatives, those of each. */
export function unmetSymbols(expression: Expression, valueOf: ValueOf): string[] {
  const names = new Set<string>();
  const visit = (one: Expression, wanted: boolean): void => {
    const value = evaluate(one, valueOf);
    if (wanted ? value > 0 : value < 2) return; // `!X` is true as long as X is not `y`
    if (one.k === 'not') visit(one.of, !wanted);
    else if (one.k === 'symbol') names.add(one.name);
    else if (one.k === 'compare') for (const side of [one.left, one.right]) if (/^[A-Z]/.test(side)) names.add(side);
    if (one.k === 'and' || one.k === 'or') {
      visit(one.left, wanted);
      visit(one.right, wanted);
    }
  };
  if (evaluate(expression, valueOf) === 0) visit(expression, true);
  return [...names];
}
