// Rewrites the expected trees in grammars/kernel-c/test/corpus/*.txt from what grammars/kernel-c.wasm gives. Read the diff before you commit
// it: the corpus says what the grammar must do, not what it does.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';
import { root } from './lib/root.mjs';

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(join(root, 'grammars/kernel-c.wasm')));

/** One node a line, indented by depth, as `tree-sitter test --update` writes it. */
function format(expression) {
  let depth = 0;
  return expression
    .replace(/\s*(\w+: )?(\()|\)/g, (text, field = '', open) => {
      if (!open) {
        depth--;
        return ')';
      }
      const line = `${depth ? `\n${'  '.repeat(depth)}` : ''}${field}(`;
      depth++;
      return line;
    })
    .trim();
}

const directory = join(root, 'grammars/kernel-c/test/corpus');
for (const file of readdirSync(directory)) {
  const path = join(directory, file);
  const updated = readFileSync(path, 'utf8').replace(
    /^(={3,}\n.*\n={3,}\n)([\s\S]*?)\n---\n[\s\S]*?(?=\n={3,}\n|$(?![\s\S]))/gm,
    (_, header, code) => `${header}${code}\n---\n\n${format(parser.parse(code).rootNode.toString())}\n`,
  );
  writeFileSync(path, updated);
}
