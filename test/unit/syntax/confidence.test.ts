import { assert } from 'chai';
import { confidenceOf, damagedShare, type Syntax } from '../../../src/core/syntax';
import { syntaxForTests } from '../syntax-host';

const FUNCTION = (name: string, line: string) =>
  `static int ${name}(struct acme *acme)\n{\n\tacme_first(acme);\n${line}\tacme_last(acme);\n\treturn 0;\n}\n`;

describe('parse confidence', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  const at = (text: string, part: string, after = 0) => {
    const start = text.indexOf(part, after);
    return confidenceOf(syntax.parse('c', text), start, start + part.length);
  };

  it('is high everywhere in a text without errors, and nothing of it is damaged', () => {
    const text = FUNCTION('f', '');
    assert.equal(at(text, 'acme_first'), 'high');
    assert.equal(at(text, text), 'high');
    assert.equal(damagedShare(syntax.parse('c', text)), 0);
  });

  it('is low at an error, medium in its function, high in the others', () => {
    const line = '\tret = acme_set(acme,\n';
    const text = [FUNCTION('f', ''), FUNCTION('g', line), FUNCTION('h', '')].join('\n');
    const [g, h] = [text.indexOf('g('), text.indexOf('h(struct')];
    assert.equal(at(text, '(acme,'), 'low');
    assert.equal(at(text, 'acme_first(acme)', g), 'medium');
    assert.equal(at(text, 'acme_first(acme)', h), 'high');
    assert.equal(at(text, 'acme_last(acme)'), 'high');
    assert.equal(at(text, text), 'low');
  });

  it('is low where a semicolon had to be made up, which damages nothing', () => {
    const text = 'static int f(struct acme *acme)\n{\n\tacme_first(acme);\n\treturn 1\n}\n';
    assert.equal(at(text, 'return 1'), 'low');
    assert.equal(at(text, 'acme_first(acme)'), 'medium');
    assert.equal(damagedShare(syntax.parse('c', text)), 0);
  });

  it('is medium for what stands beside an error outside of functions, also in a group of directives', () => {
    const text = `#ifdef A\nstatic struct acme a = { .first = 1, .second = @, .third = 3 };\nstatic int b;\n#endif\n`;
    assert.equal(at(text, '.first = 1'), 'medium');
    assert.equal(at(text, 'static int b;'), 'high');
  });

  it('says how much of a region is damaged', () => {
    const text = FUNCTION('f', '\tret = acme_set(acme,\n');
    const tree = syntax.parse('c', text);
    const start = text.indexOf('(acme,\n');
    assert.equal(damagedShare(tree, start, start + 6), 1);
    assert.closeTo(damagedShare(tree, start, start + 12), 0.5, 0.1);
    assert.isBelow(damagedShare(tree), 0.2);
    assert.equal(damagedShare(tree, 0, start - 20), 0);
  });
});
