import { TokenKind } from './lexer';
import { isAtom, isGroup, type Atom, type Group, type Tree } from './token-trees';

export type Binding = Tree[] | Bindings[];
export type Bindings = Map<string, Binding>;
export const isRepeated = (binding: Binding): binding is Bindings[] => binding.length > 0 && binding[0] instanceof Map;

/** Parses `$( … ) sep? op` at `at` (the `$`): its inner trees, separator, operator and the index after it. */
export function repetition(
  trees: Tree[],
  at: number,
): { inner: Tree[]; separator: string | undefined; operator: string; next: number } | undefined {
  const group = trees[at + 1];
  if (!isAtom(trees[at], '$') || !group || !isGroup(group) || group.open !== '(') return undefined;
  let next = at + 2;
  let separator: string | undefined;
  const first = trees[next];
  if (first && !isGroup(first) && !['*', '+', '?'].includes(first.text)) {
    separator = first.text;
    next++;
  }
  const operator = trees[next];
  if (!operator || isGroup(operator)) return undefined;
  return { inner: group.trees, separator, operator: operator.text, next: next + 1 };
}

/** Matches `pattern` against `input` from `at`; the index after what was matched, or -1. `follow` is what stands after the pattern. */
export function match(pattern: Tree[], input: Tree[], at: number, bindings: Bindings, whole: boolean, follow?: string): number {
  for (let p = 0; p < pattern.length;) {
    const repeat = repetition(pattern, p);
    if (repeat) {
      const after = pattern[repeat.next];
      const stop = after ? (isGroup(after) ? after.open : after.text) : follow;
      const rounds: Bindings[] = [];
      for (;;) {
        if (at >= input.length || (repeat.operator === '?' && rounds.length === 1)) break;
        let from = at;
        if (repeat.separator !== undefined && rounds.length > 0) {
          if (!isAtom(input[from], repeat.separator)) break;
          from++;
        }
        const round: Bindings = new Map();
        const next = match(repeat.inner, input, from, round, false, repeat.separator ?? stop);
        if (next < 0 || next === from) break;
        rounds.push(round);
        at = next;
      }
      if (repeat.operator === '+' && rounds.length === 0) return -1;
      for (const name of namesIn(repeat.inner)) bindings.set(name, rounds.length > 0 ? rounds : []);
      p = repeat.next;
      continue;
    }
    const tree = pattern[p]!;
    const name = pattern[p + 1];
    const fragment = pattern[p + 3];
    if (isAtom(tree, '$') && name && !isGroup(name) && isAtom(pattern[p + 2], ':') && fragment && !isGroup(fragment)) {
      const next = pattern[p + 4];
      const stop = next ? (isGroup(next) ? next.open : isAtom(next, '$') ? undefined : next.text) : follow;
      const end = fragmentEnd(fragment.text, input, at, stop);
      if (end < 0) return -1;
      bindings.set(name.text, input.slice(at, end));
      at = end;
      p += 4;
      continue;
    }
    const actual = input[at];
    if (!actual) return -1;
    if (isGroup(tree)) {
      if (!isGroup(actual) || actual.open !== tree.open || match(tree.trees, actual.trees, 0, bindings, true) < 0) return -1;
    } else if (isGroup(actual) || actual.text !== tree.text) return -1;
    at++;
    p++;
  }
  return whole && at < input.length ? -1 : at;
}

function fragmentEnd(fragment: string, input: Tree[], at: number, stop: string | undefined): number {
  const tree = input[at];
  switch (fragment) {
    case 'tt':
      return tree ? at + 1 : -1;
    case 'ident':
      return tree && !isGroup(tree) && tree.kind === TokenKind.ident
        ? at + 1
        : tree && isGroup(tree) && tree.open === '[' && isAtom(tree.trees[0], '<')
          ? at + 1
          : -1;
    case 'lifetime':
      return tree && !isGroup(tree) && tree.kind === TokenKind.lifetime ? at + 1 : -1;
    case 'block':
      return tree && isGroup(tree) && tree.open === '{' ? at + 1 : -1;
    case 'literal':
      if (
        tree &&
        !isGroup(tree) &&
        (tree.kind === TokenKind.number || tree.kind === TokenKind.string || tree.kind === TokenKind.char)
      )
        return at + 1;
      if (isAtom(tree, 'true') || isAtom(tree, 'false')) return at + 1;
      return isAtom(tree, '-') ? at + 2 : -1;
    case 'vis':
      if (!isAtom(tree, 'pub')) return at;
      return input[at + 1] && isGroup(input[at + 1]!) && (input[at + 1] as Group).open === '(' ? at + 2 : at + 1;
    case 'meta': {
      let end = at + 1;
      while (end < input.length && !isAtom(input[end], ',') && !isAtom(input[end], ']')) end++;
      return tree ? end : -1;
    }
    default: {
      // expr, ty, path, pat, stmt, item: up to what follows in the pattern, a comma or semicolon, outside angle brackets.
      if (isAtom(tree, '@') || isAtom(tree, '=>') || (fragment === 'ty' && isAtom(tree, '#'))) return -1;
      let angle = 0;
      let end = at;
      for (; end < input.length; end++) {
        const current = input[end]!;
        const text = isGroup(current) ? current.open : current.text;
        if (angle === 0 && (text === stop || text === ',' || text === ';' || text === '=>')) break;
        if (fragment !== 'expr' && text === '<') angle++;
        if (fragment !== 'expr' && text === '>') angle = Math.max(0, angle - 1);
      }
      return end > at ? end : -1;
    }
  }
}

function namesIn(trees: Tree[], names: string[] = []): string[] {
  trees.forEach((tree, i) => {
    if (isGroup(tree)) namesIn(tree.trees, names);
    else if (tree.text === '$' && isAtom(trees[i + 2], ':')) names.push((trees[i + 1] as Atom).text);
  });
  return names;
}
