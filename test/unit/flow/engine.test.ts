import { assert } from 'chai';
import { describeDriver } from '../../../src/core/driver';
import { FlowFile } from '../../../src/core/flow';
import type { Syntax } from '../../../src/core/syntax';
import { syntaxForTests } from '../syntax-host';

describe('flow', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  /** What is seen in a text, as `line:kind`. */
  const seen = (text: string): string[] => {
    const tree = syntax.parse('c', text);
    return new FlowFile(tree, describeDriver(tree))
      .diagnoses()
      .map(({ kind, node }) => `${tree.lineAt(tree.starts[node]!) + 1}:${kind}`);
  };
  /** The same for the body of `int f(struct acme *a, int x)`; the body's first line is line 2. */
  const inBody = (body: string): string[] => seen(`int f(struct acme *a, int x) {\n${body}\n}\n`);

  it('follows goto, fallthrough and loops', () => {
    assert.deepEqual(inBody('kfree(a);\nif (x)\ngoto out;\nreturn 0;\nout:\nreturn a->b;'), ['7:use-after-free']);
    assert.deepEqual(inBody('switch (x) {\ncase 1:\nkfree(a);\nfallthrough;\ncase 2:\nreturn a->b;\n}\nreturn 0;'), [
      '7:use-after-free',
    ]);
    assert.deepEqual(inBody('while (x--) {\na->b = 1;\nkfree(a);\n}\nreturn 0;'), ['3:use-after-free']);
  });

  it('takes the same condition to have the same outcome', () => {
    assert.deepEqual(inBody('if (x & 4)\nkfree(a);\nif (!(x & 4))\na->b = 1;\nreturn 0;'), []);
    assert.deepEqual(inBody('if (x & 4)\nkfree(a);\nx = 0;\nif (!(x & 4))\na->b = 1;\nreturn 0;'), ['6:use-after-free']);
    assert.deepEqual(inBody('x = ACME_ON;\nif (x == ACME_OFF)\nkfree(a);\na->b = 1;\nreturn 0;'), []);
  });

  it('takes one side or the other of #if, and the same one each time', () => {
    assert.deepEqual(
      inBody('#ifdef CONFIG_A\nkfree(a);\n#else\na->b = 1;\n#endif\n#ifndef CONFIG_A\na->b = 2;\n#endif\nreturn 0;'),
      [],
    );
  });

  it('short circuits and ?: are branches', () => {
    assert.deepEqual(inBody('if (!a || a->b)\nreturn 1;\nreturn a ? a->b : 0;'), []);
    assert.deepEqual(inBody('if (!a && a->b)\nreturn 1;\nreturn 0;'), ['2:null-dereference']);
  });

  it('runs clean-ups on every way out of a scope', () => {
    assert.deepEqual(
      inBody(
        '{\nguard(mutex)(&a->lock);\nif (x)\ngoto out;\n}\nmutex_lock(&a->lock);\nmutex_unlock(&a->lock);\nout:\nmutex_lock(&a->lock);\nmutex_unlock(&a->lock);\nreturn 0;',
      ),
      [],
    );
    assert.deepEqual(inBody('char *p __free(kfree) = kmalloc(8, GFP_KERNEL);\nif (!p)\nreturn 1;\nreturn x;'), []);
  });

  it('follows aliases and fields of aliases', () => {
    assert.deepEqual(inBody('struct acme *b = a;\nkfree(b->p);\na->p[0] = 1;\nreturn 0;'), ['4:use-after-free']);
    assert.deepEqual(inBody('struct acme *b = a;\nkfree(b->p);\nb->p = NULL;\nkfree(a->p);\nreturn 0;'), []);
  });

  it('sums up the functions of the file for their callers', () => {
    assert.deepEqual(seen('static void g(struct acme *a) {\nkfree(a);\n}\nint f(struct acme *a) {\ng(a);\nreturn a->b;\n}\n'), [
      '6:use-after-free',
    ]);
    assert.deepEqual(
      seen(
        'static int g(struct acme *a) {\nmsleep(1);\nreturn 0;\n}\nint f(struct acme *a) {\nspin_lock(&a->l);\ng(a);\nspin_unlock(&a->l);\nreturn 0;\n}\n',
      ),
      ['7:sleep-in-atomic'],
    );
  });

  it('is bounded on conditions that multiply, and on recursion', () => {
    const many = Array.from(
      { length: 400 },
      (_, i) => `if (x & ${i + 1}) { p = kmalloc(${i + 1}, GFP_KERNEL); if (!p) goto out; a->b${i} = g(p, ${i}); }`,
    ).join('\n');
    // All paths would be more than there are atoms: that it ends at all is the point.
    assert.doesNotThrow(() => inBody(`char *p;\n${many}\nout:\nreturn 0;`));
    assert.deepEqual(seen('static int f(int x) { return g(x); }\nstatic int g(int x) { return f(x); }\n'), []);
  });

  it('gives the same answer each time, and one for broken code', () => {
    const text = 'int f(struct acme *a) {\nkfree(a);\nif (a->x) {\n';
    assert.deepEqual(seen(text), seen(text));
    assert.doesNotThrow(() => seen('int f(int x) { return ((( }\nint g(struct a *p) {\nkfree(p);\nreturn p->x;\n}\n'));
  });
});
