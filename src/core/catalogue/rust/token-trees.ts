import { TokenKind, tokenText, tokenize, type Tokens } from './lexer';
import { ownKeys } from '../../own-keys';

/** A token and where its text stands in the file: -1 if it comes from the macro's own body. */
export interface Atom {
  text: string;
  kind: TokenKind;
  origin: number;
}

export type Tree = Atom | Group;
export interface Group {
  open: string;
  trees: Tree[];
  origin: number;
}
export const isGroup = (tree: Tree): tree is Group => 'trees' in tree;

/** One `(matcher) => { body }` arm. */
export interface MacroRule {
  matcher: Tree[];
  body: Tree[];
}

export const CLOSING: Record<string, string> = ownKeys({ '(': ')', '[': ']', '{': '}' });

/** The tokens from `from` to `to` as nested groups. `own` says whether their places are places of the file that is indexed. */
export function treesOf(tokens: Tokens, from: number, to: number, own: boolean): Tree[] {
  const root: Group = { open: '', trees: [], origin: -1 };
  const stack = [root];
  for (let i = from; i < to; i++) {
    const text = tokenText(tokens, i);
    const kind = tokens.kinds[i] as unknown as TokenKind;
    const origin = own ? tokens.starts[i]! : -1;
    if (kind === TokenKind.punct && text in CLOSING) {
      const group: Group = { open: text, trees: [], origin };
      stack.at(-1)!.trees.push(group);
      stack.push(group);
    } else if (kind === TokenKind.punct && (text === ')' || text === ']' || text === '}')) {
      if (stack.length > 1) stack.pop();
    } else stack.at(-1)!.trees.push({ text, kind, origin });
  }
  return root.trees;
}

/** The arms of a `macro_rules!` whose body (between the outer brackets) is `text`. */
export function parseRules(text: string): MacroRule[] {
  const tokens = tokenize(text);
  const trees = treesOf(tokens, 0, tokens.length, false);
  const rules: MacroRule[] = [];
  for (let i = 0; i + 2 < trees.length; i++) {
    const [matcher, arrow, body] = [trees[i]!, trees[i + 1]!, trees[i + 2]!];
    if (isGroup(matcher) && !isGroup(arrow) && arrow.text === '=>' && isGroup(body)) {
      rules.push({ matcher: matcher.trees, body: body.trees });
      i += 2;
    }
  }
  return rules;
}

export const isAtom = (tree: Tree | undefined, text: string): boolean =>
  tree !== undefined && !isGroup(tree) && tree.text === text;
