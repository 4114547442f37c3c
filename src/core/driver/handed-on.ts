import { CKind, Field, NONE } from '../syntax';
import type { Draft } from './draft';
import type { FunctionDefinition } from './model';
import { sinkOf, type Sink } from './sinks';

/** Where the value of the variable `name` goes between the nodes `from` and `to`: the first use that keeps it or hands it on. */
export function keptIn(draft: Draft, name: number, from: number, to: number, depth: number): Sink | undefined {
  const { tree, nameOf } = draft.survey;
  const { kinds } = tree;
  if (!draft.spend(to - from)) return undefined;
  for (let node = from; node < to; node++) {
    if (kinds[node] !== (CKind.identifier as number) || nameOf[node] !== name) continue;
    const sink = sinkOf(draft, node, depth + 1);
    if (sink) return sink;
  }
  return undefined;
}

/** What a function of the file does with its parameter at `index`: where it is kept or handed on, if anywhere. */
export function handedOn(draft: Draft, definition: FunctionDefinition, index: number, depth: number): Sink | undefined {
  const key = definition.node * 64 + (index & 63);
  const known = draft.handedOn.get(key);
  if (known !== undefined) return known ?? undefined;
  draft.handedOn.set(key, null); // a function that hands it to itself adds nothing
  const sink = search(draft, definition, index, depth);
  if (sink) draft.handedOn.set(key, sink);
  return sink;
}

function search(draft: Draft, definition: FunctionDefinition, index: number, depth: number): Sink | undefined {
  const { tree, nameOf } = draft.survey;
  const { kinds, nexts } = tree;
  // The parameters are those of the innermost declarator: `int (*f(int a))(int)` has one, `a`.
  let list = NONE;
  for (let node = definition.node; node < definition.body; node++)
    if (kinds[node] === (CKind.identifier as number) && tree.starts[node] === definition.nameStart) {
      list = tree.nextSibling(node);
      break;
    }
  if (list === NONE || kinds[list] !== (CKind.parameter_list as number)) return undefined;
  let position = 0;
  for (let child = list + 1; child < nexts[list]!; child = nexts[child]!) {
    if (kinds[child] !== (CKind.parameter_declaration as number) || position++ !== index) continue;
    const declarator = tree.childByField(child, Field.declarator);
    if (declarator === NONE) return undefined;
    for (let node = declarator; node < nexts[declarator]!; node++)
      if (kinds[node] === (CKind.identifier as number))
        return keptIn(draft, nameOf[node]!, definition.body, nexts[definition.body]!, depth);
  }
  return undefined;
}
