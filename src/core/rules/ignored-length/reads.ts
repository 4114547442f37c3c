import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';

/** Names by which a function knows a buffer that it was handed: plain ones, and those with a structure's type. */
export interface Names {
  plain: Set<string>;
  structured: Set<string>;
}

/** Follows `buf = data`, `struct report *r = (void *)data` in the text of a function. */
export function aliases(tree: SyntaxTree, body: number, first: string): Names {
  const names: Names = { plain: new Set([first]), structured: new Set() };
  const end = tree.nexts[body]!;
  for (let node = body; node < end; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind !== CKind.init_declarator && kind !== CKind.assignment_expression) continue;
    const left = tree.childByField(node, kind === CKind.init_declarator ? Field.declarator : Field.left);
    const right = tree.childByField(node, kind === CKind.init_declarator ? Field.value : Field.right);
    if (left === NONE || right === NONE) continue;
    const from = tree
      .textOf(right)
      .replace(/\([^()]*\*\s*\)/g, '')
      .replace(/[\s()]/g, '');
    if (!names.plain.has(from)) continue;
    const name = tree.textOf(left).replace(/[\s*()]|__\w+/g, '');
    if (!/^\w+$/.test(name)) continue;
    const declaration = kind === CKind.init_declarator ? tree.parents[node]! : declarationOf(tree, body, name);
    const type = declaration === NONE ? '' : tree.text.slice(tree.starts[declaration], tree.starts[declaration]! + 80);
    if (/^(?:const\s+)?(?:struct|union)\b/.test(type)) names.structured.add(name);
    else names.plain.add(name);
  }
  return names;
}

function declarationOf(tree: SyntaxTree, body: number, name: string): number {
  const pattern = new RegExp(`\\*\\s*${name}\\b`);
  for (let node = body; node < tree.nexts[body]!; node++)
    if (tree.kinds[node] === (CKind.declaration as number) && pattern.test(tree.textOf(node))) return node;
  return NONE;
}

/** The reads behind the first byte of the buffer, in text order. */
export function* readsOf(tree: SyntaxTree, body: number, { plain, structured }: Names): Generator<number> {
  const end = tree.nexts[body]!;
  const advanced = new Set<string>();
  for (let node = body; node < end; node++) {
    const kind = tree.kinds[node] as CKind;
    if (kind === CKind.sizeof_expression || kind === CKind.offsetof_expression) {
      node = tree.nexts[node]! - 1;
      continue;
    }
    if (tree.kinds[tree.parents[node]!] === (CKind.pointer_expression as number) && isAddress(tree, tree.parents[node]!))
      continue;
    if (kind === CKind.subscript_expression) {
      const index = tree.textOf(tree.childByField(node, Field.index));
      if (
        plain.has(tree.textOf(tree.childByField(node, Field.argument))) &&
        /^(?:[1-9]\d*|0x[1-9a-f]\w*|[A-Z][A-Z0-9_]+)$/i.test(index) &&
        !/^[a-z]/.test(index)
      )
        yield node;
    } else if (kind === CKind.update_expression) {
      // `*data++`: the first byte is there whenever anything is, so it is the second such reading that counts.
      const name = tree.textOf(tree.childByField(node, Field.argument));
      if (!plain.has(name) || !/^\*\s*\w+\+\+$/.test(tree.textOf(tree.parents[node]!))) continue;
      if (advanced.has(name)) yield node;
      advanced.add(name);
    } else if (kind === CKind.field_expression) {
      const argument = tree.childByField(node, Field.argument);
      const name = tree.textOf(argument);
      const isCast = /^\(\(\s*(?:const\s+)?struct\s+\w+\s*\*\s*\)\s*(.+)\)$/.exec(name);
      const isBuffer = isCast ? plain.has(isCast[1]!.replace(/[()]/g, '')) : structured.has(name);
      if (isBuffer && tree.textOf(tree.childByField(node, Field.operator)) === '->' && !isFirstField(tree, node)) yield node;
    } else if (kind === CKind.call_expression) {
      const callee = tree.textOf(tree.childByField(node, Field.function));
      if (!/^(?:get_unaligned\w*|\w+_to_cpup|memcpy)$/.test(callee)) continue;
      const at = /^memcpy$/.test(callee) ? 1 : 0;
      const argument = [...tree.children(tree.childByField(node, Field.arguments), true)][at];
      if (argument === undefined) continue;
      const base = /^(?:\([^()]*\*\s*\))?\(?&?(.+?)(?:\s*\+\s*\w+|\[\d+\])\)?$/.exec(tree.textOf(argument))?.[1];
      if (base !== undefined && plain.has(base)) yield node;
    }
  }
}

const isAddress = (tree: SyntaxTree, node: number): boolean => tree.text.charCodeAt(tree.starts[node]!) === 0x26;

/** The first byte is there whenever anything is: `report->id`; an array's name is an address. */
function isFirstField(tree: SyntaxTree, node: number): boolean {
  const name = tree.textOf(tree.childByField(node, Field.field));
  return /^(?:data|tlv|payload|info|buf|u|report_?id|id|evt|status|type|report_?type|report_?number|cmd|opcode)$/i.test(name);
}
