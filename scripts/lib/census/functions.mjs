// The functions of a tree against those that Universal Ctags finds.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { withTree } from './parsers.mjs';

/** Whether `ctags` is Universal Ctags. */
export function hasCtags() {
  return /Universal Ctags/.test(spawnSync('ctags', ['--version'], { encoding: 'utf8' }).stdout ?? '');
}

/** The name of a function_definition's declarator; of SYSCALL_DEFINE1(name, …) ctags takes the first argument. */
function nameOf(declarator) {
  for (let node = declarator; node;) {
    if (node.type === 'identifier') return [node.text];
    if (node.type === 'call_expression') {
      const first = node.childForFieldName('arguments')?.namedChild(0)?.text ?? '';
      return [node.childForFieldName('function')?.text ?? '', first, `sys_${first}`];
    }
    node = node.childForFieldName('declarator') ?? node.namedChildren.find((child) => /declarator|identifier/.test(child.type));
  }
  return [''];
}

/** @returns {{ expected: number, found: number, missed: string[] }} */
export function functionsAgainstCtags(parser, files) {
  let expected = 0;
  const missed = [];
  for (const file of files) {
    const names = withTree(
      parser,
      readFileSync(file, 'utf8'),
      (tree) =>
        new Set(
          tree.rootNode.descendantsOfType('function_definition').flatMap((node) => nameOf(node.childForFieldName('declarator'))),
        ),
    );
    const options = ['-f', '-', '--languages=C', '--language-force=C', '--c-kinds=f', '-n', file];
    const tags = execFileSync('ctags', options, { encoding: 'utf8' }).split('\n').filter(Boolean);
    expected += tags.length;
    for (const tag of tags) {
      const [name, , line] = tag.split('\t');
      if (!names.has(name)) missed.push(`${file}:${parseInt(line, 10)}: ${name}`);
    }
  }
  return { expected, found: expected - missed.length, missed };
}
