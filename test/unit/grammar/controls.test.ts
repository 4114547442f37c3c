// Broken C must be flagged, and where it is broken: a grammar that accepts everything would pass any census.
import { expect } from 'chai';
import type { Parser } from 'web-tree-sitter';
import { errorsOf, kernelParser, walk, withTree } from './parser';

/** Code, and the ERROR and MISSING nodes that it must have, with their lines. */
const BROKEN: [name: string, code: string, errors: string[]][] = [
  ['a brace too many', 'int f(void)\n{\n\treturn 1;\n}\n}\nint x;\n', ['5: ERROR']],
  ['a brace too few', 'int f(void)\n{\n\tif (x) {\n\t\ty();\n\treturn 1;\n}\n\nint x;\n', ['8: MISSING }']],
  ['a parenthesis too few', 'int f(void)\n{\n\tg(a, b;\n\treturn 0;\n}\n', ['3: ERROR']],
  ['a parenthesis too many', 'int f(void)\n{\n\tg(a, b));\n\treturn 0;\n}\n', ['3: ERROR']],
  ['no semicolon after a declaration', 'int f(void)\n{\n\tint a = 1\n\treturn a;\n}\n', ['3: MISSING ;']],
  ['no semicolon after a call', 'int f(void)\n{\n\tacme_start(a)\n\treturn 0;\n}\n', ['3: MISSING ;']],
  ['no semicolon between two calls', 'int f(int a)\n{\n\tacme_set(a)\n\tacme_start(a);\n}\n', ['3: ERROR']],
  ['no semicolon after the last call', 'int f(void)\n{\n\tacme_start(a)\n}\n', ['3: MISSING ;']],
  ['no semicolon after an assignment', 'int f(void)\n{\n\ta = b\n\tc = d;\n}\n', ['3: ERROR']],
  ['no semicolon after a return', 'int f(void)\n{\n\treturn 1\n}\n', ['3: MISSING ;']],
  ['no semicolon after a struct’s field', 'struct acme {\n\tint a\n\tint b;\n};\n', ['2: MISSING ;']],
  ['no semicolon after a name', 'int f(void)\n{\n\tacme\n\tint b;\n}\n', ['4: ERROR']],
  ['two operators', 'int f(void)\n{\n\ta = = b;\n}\n', ['3: ERROR']],
  ['a character that is no C', 'int f(void)\n{\n\tx @ y;\n}\n', ['3: ERROR', '3: ERROR']],
  ['a declaration without a name', 'static int = 4;\n', ['1: MISSING identifier']],
  ['a name that starts with a digit', 'struct acme { int 3x; };\n', ['1: ERROR']],
  ['else without if', 'int f(void)\n{\n\telse\n\t\ty();\n}\n', ['3: ERROR']],
  ['an unclosed call at the end', 'int f(void)\n{\n\tg(\n', ['1: ERROR']],
  ['a keyword as a variable', 'int f(void)\n{\n\tint return = 1;\n}\n', ['3: ERROR']],
  ['a case without its colon', 'int f(int x)\n{\n\tswitch (x) {\n\tcase 1\n\t\tbreak;\n\t}\n}\n', ['4: ERROR']],
  ['an unclosed string', 'int f(void)\n{\n\tg("text);\n\th();\n}\n', ['3: ERROR']],
  ['an unclosed initializer', 'static int x[] = {\n\t1, 2;\nint y;\n', ['2: MISSING }']],
  [
    'a loop macro whose body lacks its semicolon',
    'int f(void)\n{\n\tlist_for_each(p, h)\n\t\tg(p)\n\treturn 0;\n}\n',
    ['4: ERROR'],
  ],
  ['an if without its parenthesis', 'int f(void)\n{\n\tif (a\n\t\tb();\n}\n', ['3: ERROR']],
  ['code after #endif in an expression', 'int x = 1 +\n#ifdef A\n\t2 *\n#endif\n\t;\n', ['3: ERROR']],
];

/** What the grammar knowingly accepts, though a compiler may not. A change here is news, not a failure. */
const ACCEPTED: [name: string, code: string][] = [
  ['a call in capitals without `;` in a block may be a macro', 'int f(void)\n{\n\tACME_START(a)\n\treturn 0;\n}\n'],
  ['a call at the top level without `;` may be a macro', 'acme_start(a)\nint x;\n'],
  ['the branch of an #if that is not parsed may be anything', 'int x[] = {\n#ifdef A\n\t1,\n#else\n\t(((\n#endif\n};\n'],
];

const RESERVED = new Set(
  'if else for while do switch case default return break continue goto sizeof struct union enum typedef int char void'.split(' '),
);

describe('kernel C controls', () => {
  let parser: Parser;
  before(async () => {
    parser = await kernelParser();
  });
  after(() => parser.delete());

  for (const [name, code, errors] of BROKEN)
    it(`flags ${name}`, () => {
      expect(withTree(parser, code, errorsOf)).to.deep.equal(errors);
    });

  for (const [name, code] of ACCEPTED)
    it(`accepts: ${name}`, () => {
      expect(withTree(parser, code, errorsOf)).to.deep.equal([]);
    });

  it('keeps damage inside the function it is in', () => {
    const functions = ['f', 'g', 'h'].map((name) => `static int ${name}(struct acme *acme)\n{\n\treturn acme->${name};\n}\n`);
    const text = [
      functions[0],
      'static int broken(void)\n{\n\tif ((a = b) {\n\t\tc();\n\t}\n\treturn 0;\n}\n',
      functions[1],
      functions[2],
    ].join('\n');
    const names = withTree(parser, text, ({ rootNode }) =>
      rootNode.namedChildren
        .filter((node) => node.type === 'function_definition' && !node.hasError)
        .map((node) => node.descendantsOfType('function_declarator')[0]?.childForFieldName('declarator')?.text),
    );
    expect(names).to.deep.equal(['f', 'g', 'h']);
  });

  // Half-typed lines: the function around them stays a function, and so do those behind it.
  for (const line of [
    'acme_start(',
    'acme_start(acme, acme->count',
    'ret = acme_start(acme,',
    'if (acme',
    'if (!acme_start(acme',
    'for (i = 0; i <',
    'list_for_each_entry(acme, &list',
    'pr_info("acme: %d',
    "c = 'a",
    'x = acme[i',
  ])
    it(`keeps the functions of a file in which \`${line}\` is being typed`, () => {
      const body = '\tret = first(acme);\n\tif (ret) {\n\t\tsecond(acme);\n\t\treturn ret;\n\t}\n\treturn 0;\n}\n';
      const text = ['f', 'g', 'h'].map(
        (name) => `static int ${name}(struct acme *acme)\n{\n\tint ret;\n\n${name === 'g' ? `\t${line}\n` : ''}${body}`,
      );
      withTree(parser, text.join('\n'), ({ rootNode }) => {
        expect(rootNode.hasError).to.equal(true);
        const functions = rootNode.namedChildren.filter((node) => node.type === 'function_definition');
        expect(functions.map((node) => node.text)).to.deep.equal(text.map((code) => code.trim()));
        expect(functions.map((node) => node.hasError)).to.deep.equal([false, true, false]);
        expect(functions[1]!.descendantsOfType('if_statement').at(-1)!.hasError).to.equal(false);
      });
    });

  it('reads headers of old: a C++ guard, no parameters, no types, K&R', () => {
    const lines = [
      '#ifdef __cplusplus\nextern "C" {\n#endif',
      'extern char *acme_name();\nextern acme_errors;',
      'int acme_close(unit)\n\tint unit;\n{\n\tregister i;\n\n\treturn unit;\n}',
      'extern int acme_open __P((const char *name, int flags));', // FIXME: an error, though only here
      'extern int acme_count(void);\n#ifdef __cplusplus\n}\n#endif\n',
    ];
    withTree(parser, lines.join('\n'), (tree) => {
      expect(errorsOf(tree)).to.deep.equal(['13: ERROR', '13: ERROR']);
      expect(tree.rootNode.descendantsOfType('function_definition').map((node) => node.text)).to.deep.equal([lines[2]]);
      expect(tree.rootNode.descendantsOfType('declaration').at(-1)!.text).to.equal('extern int acme_count(void);');
    });
  });

  // The definition before a function that is being typed at the left margin: it alone is an error.
  for (const [typed, errors] of [
    ['MODULE_LICENSE("GPL"', ['1: ERROR']],
    ['static struct acme acme = {', ['1: MISSING ;']],
    ['static struct acme acme = {\n\t.name = "acme",', ['2: MISSING ;']],
    ['struct acme {', ['1: MISSING ;']],
    ['struct acme {\n\tint count;', ['2: MISSING ;']],
    ['static int', ['1: MISSING ;']],
  ] as const)
    it(`keeps the functions behind \`${typed.replaceAll(/\s+/g, ' ')}\``, () => {
      const functions = ['static int g(struct acme *acme)\n{\n\treturn 0;\n}', 'static u32 h(void)\n{\n\treturn 0;\n}'];
      withTree(parser, `${typed}\n\n${functions.join('\n\n')}\n`, (tree) => {
        expect(tree.rootNode.descendantsOfType('function_definition').map((node) => node.text)).to.deep.equal(functions);
        expect(errorsOf(tree)).to.deep.equal(errors);
      });
    });

  it('ends an initializer that is being typed before any definition, not before an entry at the left margin', () => {
    const open = 'struct acme acme = {\n';
    for (const next of ['acme_t g(void)\n{\n}', 'acme_t *g = h;', '__init int g(void)\n{\n}', 'struct acme *g(void)\n{\n}'])
      withTree(parser, `${open}\n${next}\n`, (tree) => {
        expect(tree.rootNode.lastNamedChild!.text).to.equal(next);
        expect(errorsOf(tree)).to.deep.equal(['1: MISSING ;']);
      });
    for (const entry of [
      'ACME(1),',
      'ACME (1),',
      'ACME_NAME "text",',
      'acme,',
      '.count = 1,',
      '{ 1 },',
      'a * b(1),',
      '(struct acme *)a,',
    ])
      expect(withTree(parser, `${open}${entry}\n};\n`, errorsOf), entry).to.deep.equal([]);
  });

  // FIXME: the entry lacks its comma, and the end of an expression isn't looked at
  it('FIXME: an initializer whose last entry lacks its comma takes the next function with it', () => {
    withTree(parser, 'struct acme acme = {\n\t.count = 1\n\nstatic int g(void)\n{\n\treturn 0;\n}\n', ({ rootNode }) => {
      expect(rootNode.descendantsOfType('function_definition')).to.deep.equal([]);
    });
  });

  it('takes a pointer to a function of an unknown type for a declaration, a call with a pointer’s value for a call', () => {
    const body = [
      'acme_t (*call)(int);',
      'acme_t (*set)(int) = f, x;',
      'acme_t (*ops[4])(int);',
      'g (*p);',
      'g(*p)(x);',
      '(*p)(x);',
    ];
    withTree(parser, `acme_t (*top)(int);\nvoid f(void)\n{\n\t${body.join('\n\t')}\n}\n`, (tree) => {
      expect(errorsOf(tree)).to.deep.equal([]);
      expect(tree.rootNode.descendantsOfType('declaration').map((node) => node.text)).to.deep.equal([
        'acme_t (*top)(int);',
        ...body.slice(0, 3),
      ]);
      expect(tree.rootNode.descendantsOfType('expression_statement').map((node) => node.text)).to.deep.equal(body.slice(3));
    });
  });

  it('never takes a keyword for an identifier, however broken the code is', () => {
    for (const [, code] of BROKEN)
      withTree(parser, code, (tree) => {
        walk(tree, (cursor) => {
          if (!cursor.nodeType.endsWith('identifier')) return;
          // inside an ERROR there is no grammar that could say what a word is
          if (cursor.currentNode.parent?.type !== 'ERROR') expect(RESERVED).not.to.include(cursor.nodeText);
        });
      });
  });
});
