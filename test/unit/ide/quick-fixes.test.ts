import { assert } from 'chai';
import { allowHere, allowInFile, type Insertion, type Syntax } from '../../../src/core';
import { syntaxForTests } from '../syntax-host';

describe('comments that allow a finding', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));
  const applied = (text: string, { offset, before, after }: Insertion) =>
    text.slice(0, offset) + before + 'why' + after + text.slice(offset);
  const here = (text: string) => applied(text, allowHere(syntax.parse('c', text), 'double-free', text.indexOf('kfree')));
  const inFile = (text: string) => applied(text, allowInFile(syntax.parse('c', text), 'double-free'));

  it('stand before the line, indented as it is', () => {
    assert.equal(
      here('void f(void)\n{\n\tif (a)\n\t\tkfree(a);\n}\n'),
      'void f(void)\n{\n\tif (a)\n\t\t/* r4l: allow(double-free): why */\n\t\tkfree(a);\n}\n',
    );
    assert.equal(here('{\r\n  x(); kfree(a);\r\n}'), '{\r\n  /* r4l: allow(double-free): why */\r\n  x(); kfree(a);\r\n}');
  });

  it('do not end the text of a macro', () => {
    assert.include(
      here('#define F(a) do { \\\n\tkfree(a); \\\n} while (0)\n'),
      '\t/* r4l: allow(double-free): why */ \\\n\tkfree(a)',
    );
  });

  it('stand in the head of the file, after its licence', () => {
    const allow = '/* r4l: allow(double-free): why */\n';
    const licence = '// SPDX-License-Identifier: GPL-2.0\n';
    assert.equal(inFile(`${licence}/*\n * A driver\n */\n`), `${licence}${allow}/*\n * A driver\n */\n`);
    assert.equal(inFile('int x;\n'), `${allow}int x;\n`);
    assert.equal(inFile('/* SPDX-License-Identifier: MIT */\nint x;\n'), `/* SPDX-License-Identifier: MIT */\n${allow}int x;\n`);
  });
});
