import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Report, RuleContext } from '../model';

const COPIES = new Set(['copy_to_user', '__copy_to_user', 'nla_put', 'nla_put_64bit', 'put_cmsg']);

/** Structures of the file that go to user space with fields that nobody has set. */
export function copiedOut({ tree, calls, model }: RuleContext): Report[] {
  const reports: Report[] = [];
  for (const { name, node, arguments: args } of calls(COPIES)) {
    const variable = args.map((argument) => /^&(\w+)$/.exec(tree.textOf(argument))?.[1]).find((text) => text !== undefined);
    const definition = tree.ancestorOfKind(node, CKind.function_definition);
    if (variable === undefined || definition === NONE) continue;
    const text = tree.textOf(definition);
    const type = new RegExp(`\\n\\s+struct\\s+(\\w+)\\s+(?:\\w+,\\s*)*${variable}\\s*[;,]`).exec(text)?.[1];
    const fields = type === undefined ? [] : fieldsOf(tree, type);
    if (fields.length === 0) continue;
    // Whoever is handed its address may set all of it.
    const before = tree.text.slice(tree.starts[definition], tree.starts[node]);
    if (new RegExp(`&\\s*${variable}\\b(?!\\s*\\.)|(?<![\\w.>])${variable}\\s*=|\\(\\s*${variable}\\s*[,)]`).test(before))
      continue;
    const unset = fields.filter((field) => !new RegExp(`(?<![\\w.>])${variable}\\s*\\.\\s*${field}\\b`).test(before));
    if (unset.length === 0 || unset.length === fields.length) continue;
    reports.push({
      node,
      function: model.functions.find((one) => one.node === definition)?.name ?? '',
      message: `${name}() hands out ${variable}, of which ${unset.join(', ')} ${unset.length === 1 ? 'is' : 'are'} as the stack was`,
    });
  }
  return reports;
}

/** The fields of a structure that the file declares. */
function fieldsOf(tree: SyntaxTree, type: string): string[] {
  const at = new RegExp(`\\bstruct\\s+${type}\\s*\\{`).exec(tree.text)?.index;
  if (at === undefined) return [];
  const list = tree.childOfKind(
    tree.ancestorOfKind(tree.nodeAt(at + 'struct '.length), CKind.struct_specifier),
    CKind.field_declaration_list,
  );
  if (list === NONE) return [];
  const names: string[] = [];
  for (const field of tree.children(list, true)) {
    if (tree.kinds[field] !== (CKind.field_declaration as number)) return [];
    for (const declarator of tree.children(field)) {
      if (tree.fields[declarator] !== (Field.declarator as number)) continue;
      const name = /(\w+)\s*(?:\[[^\]]*\]\s*)*$/.exec(tree.textOf(declarator))?.[1];
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}
