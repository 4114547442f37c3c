import { TokenKind, type Tokens } from './lexer';
import { isRepeated, match, repetition, type Bindings } from './macro-match';
import { CLOSING, isAtom, isGroup, treesOf, type Group, type MacroRule, type Tree } from './token-trees';

/**
 * Expands `macro_rules!` invocations where items stand, so that what a macro defines (`impl_mmio_io_capable!(…, readl, writel)`,
 * `declare_err!(EPERM, …)`) is seen like items written out. Fragments are matched by shape, not parsed: enough for item macros.
 */

function variablesIn(trees: Tree[], names: string[] = []): string[] {
  trees.forEach((tree, i) => {
    const next = trees[i + 1];
    if (isGroup(tree)) variablesIn(tree.trees, names);
    else if (tree.text === '$' && next && !isGroup(next)) names.push(next.text);
  });
  return names;
}

function substitute(body: Tree[], bindings: Bindings, out: Tree[]): void {
  for (let i = 0; i < body.length; i++) {
    const tree = body[i]!;
    const repeat = repetition(body, i);
    if (repeat) {
      const driver = variablesIn(repeat.inner).find((name) => isRepeated(bindings.get(name) ?? []));
      const rounds = driver === undefined ? [] : (bindings.get(driver) as Bindings[]);
      rounds.forEach((round, index) => {
        if (index > 0 && repeat.separator !== undefined) out.push({ text: repeat.separator, kind: TokenKind.punct, origin: -1 });
        const merged = new Map(bindings);
        for (const name of variablesIn(repeat.inner)) {
          const rounds = bindings.get(name);
          if (rounds && isRepeated(rounds) && rounds[index]?.has(name)) merged.set(name, rounds[index].get(name)!);
        }
        for (const [name, value] of round) merged.set(name, value);
        substitute(repeat.inner, merged, out);
      });
      i = repeat.next - 1;
      continue;
    }
    const name = body[i + 1];
    if (isAtom(tree, '$') && name && !isGroup(name)) {
      const value = bindings.get(name.text);
      if (value && !isRepeated(value)) {
        out.push(...value);
        i++;
        continue;
      }
      if (name.text === 'crate') {
        out.push({ text: 'crate', kind: TokenKind.ident, origin: -1 });
        i++;
        continue;
      }
    }
    if (isGroup(tree)) {
      const group: Group = { open: tree.open, trees: [], origin: tree.origin };
      substitute(tree.trees, bindings, group.trees);
      out.push(group);
    } else out.push(tree);
  }
}

/** Joins `[< a _ b >]` groups into one identifier, as the kernel's `paste!` does. */
function paste(trees: Tree[]): Tree[] {
  return trees.map((tree) => {
    if (!isGroup(tree)) return tree;
    if (tree.open === '[' && isAtom(tree.trees[0], '<') && isAtom(tree.trees.at(-1), '>')) {
      let text = '';
      const parts = tree.trees.slice(1, -1);
      parts.forEach((part, i) => {
        if (isGroup(part)) {
          const inner = paste([part])[0]!;
          if (!isGroup(inner)) text += inner.text;
        } else if (part.text === ':' && i + 1 < parts.length) {
          const modifier = parts[i + 1]!;
          if (isAtom(modifier, 'upper')) text = text.toUpperCase();
          if (isAtom(modifier, 'lower')) text = text.toLowerCase();
        } else if (!(i > 0 && isAtom(parts[i - 1], ':'))) text += part.text.replace(/^"(.*)"$/, '$1');
      });
      const own = parts.find((part) => part.origin >= 0);
      return { text, kind: TokenKind.ident, origin: own?.origin ?? -1 };
    }
    return { ...tree, trees: paste(tree.trees) };
  });
}

const MAX_DEPTH = 64;
const MAX_TREES = 20000;

/** Expands the invocations of `macros` in `trees`, recursively; `paste!` too. Others stay as they are. */
function expandTrees(trees: Tree[], macros: ReadonlyMap<string, MacroRule[]>, depth: number, budget: { left: number }): Tree[] {
  const out: Tree[] = [];
  for (let i = 0; i < trees.length; i++) {
    const tree = trees[i]!;
    const group = trees[i + 2];
    if (
      !isGroup(tree) &&
      tree.kind === TokenKind.ident &&
      isAtom(trees[i + 1], '!') &&
      group &&
      isGroup(group) &&
      depth < MAX_DEPTH &&
      budget.left > 0
    ) {
      const expanded =
        tree.text === 'paste'
          ? expandTrees(paste(group.trees), macros, depth + 1, budget)
          : expandCall(tree.text, group.trees, macros, depth, budget);
      if (expanded) {
        // A path before the name (`$crate::macros::paste!`) goes with it.
        while (out.length >= 2 && isAtom(out.at(-1), '::') && !isGroup(out.at(-2)!)) out.splice(-2, 2);
        out.push(...expanded);
        i += isAtom(trees[i + 3], ';') ? 3 : 2;
        continue;
      }
    }
    budget.left--;
    out.push(isGroup(tree) ? { ...tree, trees: expandTrees(tree.trees, macros, depth, budget) } : tree);
  }
  return out;
}

function expandCall(
  name: string,
  input: Tree[],
  macros: ReadonlyMap<string, MacroRule[]>,
  depth: number,
  budget: { left: number },
): Tree[] | undefined {
  for (const rule of macros.get(name) ?? []) {
    const bindings: Bindings = new Map();
    if (match(rule.matcher, input, 0, bindings, true) < 0) continue;
    const out: Tree[] = [];
    substitute(rule.body, bindings, out);
    return expandTrees(out, macros, depth + 1, budget);
  }
  return undefined;
}

/** What an invocation expands to: its text, and for each place in the text where it came from. */
export interface Expansion {
  text: string;
  /** Offset in the file of what stands at `offset` of the text, or -1 if that comes from a macro's own body. */
  originAt(offset: number): number;
}

/**
 * Expands one invocation where items stand.
 * @param name the macro's name without `!`
 * @param tokens the file's tokens; the arguments are those from `from` to `to`
 * @returns undefined if `macros` has no such macro or no arm fits
 */
export function expandInvocation(
  name: string,
  tokens: Tokens,
  from: number,
  to: number,
  macros: ReadonlyMap<string, MacroRule[]>,
): Expansion | undefined {
  const input = treesOf(tokens, from, to, true);
  const budget = { left: MAX_TREES };
  const trees = name === 'paste' ? expandTrees(paste(input), macros, 0, budget) : expandCall(name, input, macros, 0, budget);
  return trees ? print(trees) : undefined;
}

function print(trees: Tree[]): Expansion {
  let text = '';
  const starts: number[] = [];
  const origins: number[] = [];
  const write = (piece: string, origin: number): void => {
    if (origin >= 0) {
      starts.push(text.length);
      origins.push(origin);
    }
    text += piece;
  };
  const walk = (list: Tree[]): void => {
    list.forEach((tree, i) => {
      if (isGroup(tree)) {
        write(tree.open, tree.origin);
        walk(tree.trees);
        text += `${CLOSING[tree.open]!}${tree.open === '{' ? '\n' : ' '}`;
      } else {
        write(tree.text, tree.origin);
        const next = list[i + 1];
        const glued =
          tree.kind === TokenKind.punct &&
          next &&
          !isGroup(next) &&
          next.kind === TokenKind.punct &&
          tree.text !== ';' &&
          tree.text !== ',';
        if (!glued) text += ' ';
      }
    });
  };
  walk(trees);
  const byStart = new Map(starts.map((start, i) => [start, origins[i]!]));
  return { text, originAt: (offset) => byStart.get(offset) ?? -1 };
}
