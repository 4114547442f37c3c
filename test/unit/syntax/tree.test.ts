import { assert } from 'chai';
import { readFileSync } from 'node:fs';
import { CKind, Field, NONE, type Syntax, lineStartsOf, sameTree } from '../../../src/core/syntax';
import { describeDriver } from '../../../src/core/driver';
import { syntaxForTests } from '../syntax-host';

const TEXT = [
  '#include <linux/module.h>',
  '/* comment */',
  'static int __init start(struct a *b)',
  '{',
  '\tfor_each_x(b) {',
  '\t\tif (b->c[1] > 2)',
  '\t\t\treturn g(b, "s");',
  '\t}',
  '\treturn 0;',
  '}',
  '',
].join('\n');

describe('syntax tree', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  it('is read from tree-sitter’s memory, which is what makes it quick', () => {
    assert.isTrue(syntax.readsHeap('c'));
    assert.isTrue(syntax.readsHeap('rust'));
  });

  it('calls a name what the text calls it, before and after its names are numbered', () => {
    const tree = syntax.parse('c', `#if defined(X) && X_VERSION > 2\n#endif\ntypedef struct { int len; } acme_t;\n${TEXT}`);
    const texts = Array.from({ length: tree.size }, (_, node) => tree.textOf(node));
    const names = () => Array.from({ length: tree.size }, (_, node) => tree.nameOf(node));
    assert.deepEqual(names(), texts);
    describeDriver(tree);
    assert.deepEqual(names(), texts);
  });

  it('has the nodes, fields and ranges of the text', () => {
    const tree = syntax.parse('c', TEXT);
    const definition = tree.childOfKind(0, CKind.function_definition);
    const body = tree.childByField(definition, Field.body);
    assert.equal(tree.kinds[body], CKind.compound_statement);
    const loop = tree.childOfKind(body, CKind.macro_loop_statement);
    assert.equal(tree.textOf(tree.childByField(loop, Field.macro)), 'for_each_x(b)');
    assert.deepEqual(tree.positionAt(tree.starts[loop]!), { line: 4, column: 1 });
    assert.equal(tree.ancestorOfKind(loop, CKind.function_definition), definition);
    assert.equal(tree.childByField(definition, Field.alternative), NONE);
    assert.equal(tree.errorCount(), 0);
  });

  it('finds the innermost node at an offset, also at its end', () => {
    const tree = syntax.parse('c', TEXT);
    const at = (offset: number) => tree.textOf(tree.nodeAt(offset));
    assert.equal(at(TEXT.indexOf('g(b')), 'g');
    assert.equal(at(TEXT.indexOf('g(b') + 1), '(');
    assert.equal(at(TEXT.indexOf('start') + 5), '(');
    assert.equal(at(TEXT.indexOf('__init') + 6), '__init');
  });

  it('finds at every offset what a look at all nodes finds, in broken code, too', () => {
    for (const text of [TEXT, 'int f(void) { return ( ; }\n\n#if A\nint z = 1 + ;\n#else\n}\n', ' \n/* only */ x']) {
      const tree = syntax.parse('c', text);
      for (let offset = 0; offset < text.length; offset++) {
        let innermost = 0;
        for (let node = 0; node < tree.size; node++)
          if (tree.starts[node]! <= offset && tree.ends[node]! > offset) innermost = node;
        const found = tree.nodeAt(offset);
        // Where nothing covers the offset, it may be a node that ends there.
        if (tree.ends[found]! > offset) assert.equal(found, innermost, `${offset} of ${text}`);
        else
          assert.isTrue(
            tree.ends[found] === offset && found >= innermost && found < tree.nexts[innermost]!,
            `${offset} of ${text}`,
          );
      }
    }
  });

  it('counts errors and marks the nodes around them', () => {
    const tree = syntax.parse('c', 'int a;\nint f(void) { return ( ; }\n');
    assert.isAbove(tree.errorCount(), 0);
    assert.isFalse(tree.hasError(1), 'the declaration before the fault is whole');
  });

  it('reads a generated register header of 5 MB, and in little memory', () => {
    const registers = Array.from(
      { length: 30_000 },
      (_, i) =>
        `#define ACME_BLOCK${i >> 6}_REGISTER_${i}__SHIFT${' '.repeat(40)}0x${(i & 31).toString(16)}\n` +
        `#define ACME_BLOCK${i >> 6}_REGISTER_${i}_MASK${' '.repeat(41)}0x${(1 << (i & 15)).toString(16).padStart(8, '0')}L\n`,
    );
    const text = `#ifndef _ACME_SH_MASK_H\n#define _ACME_SH_MASK_H\n\n${registers.join('')}\n#endif\n`;
    assert.isAbove(text.length, 5_000_000);
    const before = syntax.memoryBytes;
    const tree = syntax.parse('c', text);
    assert.equal(tree.errorCount(), 0);
    const guard = tree.childOfKind(0, CKind.preproc_ifdef);
    assert.equal([...tree.children(guard)].filter((child) => tree.kinds[child] === CKind.preproc_def).length, 60_001);
    assert.isBelow(syntax.memoryBytes - before, 20 * text.length);
  });

  it('counts lines as VS Code does', () => {
    assert.deepEqual([...lineStartsOf('a\nb\r\nc\rd')], [0, 2, 5, 7]);
  });

  it('parses the same text to the same tree, errors included', () => {
    const broken = readFileSync('grammars/kernel-c.wasm').subarray(0, 4000).toString('latin1');
    for (const text of [TEXT, '', '\n', broken]) assert.isTrue(sameTree(syntax.parse('c', text), syntax.parse('c', text)));
  });
});
