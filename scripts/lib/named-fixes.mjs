// Protections that named fixes of the kernel have brought, undone one at a time in the files as they are now. A fact says where a
// protection is, not what the text is: class, path, function, what is undone, and by which words the place is known.
//   guard-if     the `if` whose condition has the words goes (with its branch; an else stays)
//   condition    of `a || b`, the operand that has the words goes
//   wrap         the `if` goes, its branch stays
//   statement    the statement that begins with the words goes
//   initialiser  the variable of that name is declared without a value
//   word         one word is written in the place of another: `kzalloc>kmalloc`, in the first statement that has it
// Words are compared without white space. Used by scripts/undo-fixes.mjs --named; test/unit/rules/mutations.test.ts holds what they do.

const compact = (text) => text.replace(/\s+/g, '');

/**
 * The edit that undoes a fact in a file.
 * @param tree the parsed file
 * @param model its driver model
 * @param fact {{ function: string, undo: string, words: string, nth?: number }}
 * @param kinds `CKind` and `Field` of the core
 * @returns {{ start: number, end: number, inserted: string } | undefined} undefined if the text has no such place
 */
export function undoneBy(tree, model, fact, { CKind, Field }) {
  const definition = model.functions.find(({ name }) => name === fact.function);
  if (!definition) return undefined;
  let left = fact.nth ?? 1;
  for (let node = definition.body; node < tree.nexts[definition.body]; node++) {
    const edit = editAt(tree, node, fact, { CKind, Field });
    if (edit && --left === 0) return edit;
  }
  return undefined;
}

const wholeOf = (tree, node) => ({ start: tree.starts[node], end: tree.ends[node] });

function editAt(tree, node, { undo, words }, { CKind, Field }) {
  const kind = tree.kinds[node];
  const has = (at) => at !== -1 && compact(tree.textOf(at)).includes(compact(words));
  switch (undo) {
    case 'guard-if':
    case 'wrap': {
      if (kind !== CKind.if_statement || !has(tree.childByField(node, Field.condition))) return undefined;
      const kept = undo === 'wrap' ? Field.consequence : Field.alternative;
      const rest = tree.childByField(node, kept);
      return { ...wholeOf(tree, node), inserted: rest === -1 ? ';' : tree.textOf(rest).replace(/^else\b\s*/, '') };
    }
    case 'condition': {
      if (kind !== CKind.binary_expression) return undefined;
      const operands = [tree.childByField(node, Field.left), tree.childByField(node, Field.right)];
      const [left, right] = operands;
      if (!/^\s*(?:&&|\|\|)/.test(tree.text.slice(tree.ends[left], tree.starts[right]))) return undefined;
      const at = operands.findIndex((one) => has(one) && !/&&|\|\|/.test(tree.textOf(one)));
      return at < 0 ? undefined : { ...wholeOf(tree, node), inserted: tree.textOf(operands[1 - at]) };
    }
    case 'statement':
      if (kind !== CKind.expression_statement || !compact(tree.textOf(node)).startsWith(compact(words))) return undefined;
      return { ...wholeOf(tree, node), inserted: ';' };
    case 'initialiser': {
      if (kind !== CKind.init_declarator) return undefined;
      const declarator = tree.childByField(node, Field.declarator);
      if (!new RegExp(`^\\**\\s*${words}\\b`).test(tree.textOf(declarator))) return undefined;
      return { ...wholeOf(tree, node), inserted: tree.textOf(declarator) };
    }
    case 'word': {
      const [from, to] = words.split('>');
      if (kind !== CKind.identifier || !tree.hasText(node, from)) return undefined;
      return { ...wholeOf(tree, node), inserted: to };
    }
    default:
      throw new Error(`unknown kind of undoing: ${undo}`);
  }
}
