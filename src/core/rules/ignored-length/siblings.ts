import type { DriverModel, FunctionDefinition } from '../../driver';
import type { SyntaxTree } from '../../syntax';

/** Functions that by their names are given what arrived. */
const RECEIVES =
  /(?:^|_)(?:rx|recv|receive|rcv|rsp|resp|ntf|evt|event|ind|indication|parse|handle|process|input|report|cmd|msg)(?:_|\d|$)/;

/** A function that is told how long its data is, and does not ask, though its siblings do. */
export interface Careless {
  definition: FunctionDefinition;
  data: string;
  size: string;
  /** A sibling that asks. */
  sibling: FunctionDefinition;
}

/** How many functions of the same parameters, and which part of them, must ask before not asking is a fault. */
const ENOUGH = 2;
const MOST = 0.5;
const PAIR =
  /\b(?:void|u8|uint8_t|char|__u8)\s*\*\s*(\w+)\s*,\s*(?:unsigned\s+)?(?:int|size_t|u16|u32|ssize_t|uint\w*|u_int|long)\s+(\w*(?:len|size|length)\w*)\s*[,)]/;

/** Functions with data and its length among their parameters whose siblings compare the length with the size of what they read. */
export function* carelessOnes(tree: SyntaxTree, model: DriverModel): Generator<Careless> {
  const groups = new Map<string, FunctionDefinition[]>();
  const pairOf = ({ start, body }: FunctionDefinition) => PAIR.exec(tree.text.slice(start, tree.starts[body]));
  const own = model.functions.filter(({ isStatic }) => isStatic);
  if (!own.some((definition) => RECEIVES.test(definition.name) && pairOf(definition))) return;
  for (const definition of own) {
    const pair = pairOf(definition);
    if (!pair) continue;
    const key = `${pair[1]!} ${pair[2]!}`;
    groups.set(key, [...(groups.get(key) ?? []), definition]);
  }
  for (const [key, group] of groups) {
    if (group.length <= ENOUGH) continue;
    const [data, size] = key.split(' ') as [string, string];
    const asks = new RegExp(`\\b${size}\\s*<=?\\s*(?:\\(\\w+\\)\\s*)?(?:sizeof|\\d|[A-Z])`);
    const asking = group.filter(({ start, end }) => asks.test(tree.text.slice(start, end)));
    if (asking.length < Math.max(ENOUGH, MOST * group.length)) continue;
    const compares = new RegExp(`\\b${size}\\s*(?:[<>]|[=!]=)|\\bswitch\\s*\\(\\s*${size}\\b`);
    for (const definition of group)
      if (
        definition.isStatic &&
        RECEIVES.test(definition.name) &&
        !asking.includes(definition) &&
        !isAskedBefore(tree, model, definition, compares, 3)
      )
        yield { definition, data, size, sibling: asking[0]! };
  }
}

/** Whether whoever calls the function in this file, or calls its callers, compares the length. */
function isAskedBefore(
  tree: SyntaxTree,
  model: DriverModel,
  called: FunctionDefinition,
  compares: RegExp,
  depth: number,
): boolean {
  const name = new RegExp(`\\b${called.name}\\b`);
  return model.functions.some((other) => {
    if (other === called) return false;
    const text = tree.text.slice(other.start, other.end);
    return name.test(text) && (compares.test(text) || (depth > 1 && isAskedBefore(tree, model, other, compares, depth - 1)));
  });
}
