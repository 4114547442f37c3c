import { assert } from 'chai';
import { mutationsOf } from '../../../scripts/lib/mutations.mjs';
import { undoneBy, type NamedFact } from '../../../scripts/lib/named-fixes.mjs';
import { describeDriver } from '../../../src/core/driver';
import { CKind, Field, type Syntax } from '../../../src/core/syntax';
import { syntaxForTests } from '../syntax-host';

describe('protections that are undone to measure rules', () => {
  let syntax: Syntax;
  before(async () => (syntax = await syntaxForTests()));

  /** The texts that an operator makes of `text`, without white space at the ends of lines. */
  const undone = (operator: string, text: string): string[] => {
    const tree = syntax.parse('c', text);
    assert.equal(tree.errorCount(), 0, text);
    return mutationsOf(tree, describeDriver(tree), { CKind, Field })
      .filter((one) => one.operator === operator)
      .map(({ start, end, inserted }) => text.slice(0, start) + inserted + text.slice(end));
  };
  const inFunction = (name: string, body: string): string => `static int ${name}(struct fern *f, size_t len)\n{\n\t${body}\n}\n`;

  const CASES: readonly (readonly [operator: string, name: string, before: string, after: string])[] = [
    ['stop-removed', 'fern_remove', 'cancel_work_sync(&f->work); kfree(f); return 0;', '; kfree(f); return 0;'],
    ['stop-does-not-wait', 'fern_remove', 'timer_delete_sync(&f->timer); return 0;', 'timer_delete(&f->timer); return 0;'],
    [
      'stop-after-free',
      'fern_remove',
      'tasklet_kill(&f->task); kfree(f); return 0;',
      ' kfree(f);tasklet_kill(&f->task); return 0;',
    ],
    [
      'too-short-check-removed',
      'fern_rx',
      'struct hdr *hdr = f->report; if (len < sizeof(*hdr)) return -EINVAL; return hdr->kind;',
      'struct hdr *hdr = f->report; ; return hdr->kind;',
    ],
    [
      'too-large-check-removed',
      'fern_rx',
      'u32 at = le32_to_cpu(f->hdr); if (at >= ARRAY_SIZE(f->table)) return -EINVAL; return f->table[at];',
      'u32 at = le32_to_cpu(f->hdr); ; return f->table[at];',
    ],
    [
      'clamp-removed',
      'fern_rx',
      'memcpy(f->report, f->skb, min_t(size_t, len, sizeof(f->report))); return 0;',
      'memcpy(f->report, f->skb, len); return 0;',
    ],
    [
      'allocation-check-removed',
      'fern_add',
      'struct leaf *l; l = kzalloc(sizeof(*l), GFP_KERNEL); if (!l) return -ENOMEM; l->f = f; return 0;',
      'struct leaf *l; l = kzalloc(sizeof(*l), GFP_KERNEL); ; l->f = f; return 0;',
    ],
    [
      'release-removed',
      'fern_probe',
      'if (len) { kfree(f->buf); return -EINVAL; } return 0;',
      'if (len) { ; return -EINVAL; } return 0;',
    ],
    [
      'return-after-free-removed',
      'fern_rx',
      'if (len) { kfree(f); return 0; } return f->len;',
      'if (len) { kfree(f); ; } return f->len;',
    ],
    [
      'clear-removed',
      'fern_get',
      'struct info i = {}; i.len = len; return copy_to_user(f->to, &i, sizeof(i));',
      'struct info i; i.len = len; return copy_to_user(f->to, &i, sizeof(i));',
    ],
    [
      'unlock-removed',
      'fern_get',
      'mutex_lock(&f->lock); if (len) { mutex_unlock(&f->lock); return -EINVAL; } mutex_unlock(&f->lock); return 0;',
      'mutex_lock(&f->lock); if (len) { ; return -EINVAL; } mutex_unlock(&f->lock); return 0;',
    ],
  ];
  for (const [operator, name, before, after] of CASES)
    it(`${operator}: takes the protection away and nothing else`, () =>
      assert.include(undone(operator, inFunction(name, before)), inFunction(name, after)));

  const NAMED: readonly (readonly [undo: NamedFact['undo'], words: string, before: string, after: string])[] = [
    ['guard-if', '!f->up', 'if (!f->up) return 0; return f->up->n;', '; return f->up->n;'],
    ['guard-if', 'len', 'if (len) f->n = 1; else f->n = 2; return 0;', 'f->n = 2; return 0;'],
    ['condition', '!f->up', 'if (!len || !f->up) return 0; return 1;', 'if (!len) return 0; return 1;'],
    ['wrap', 'f->up', 'if (f->up) f->up->n = 1; return 0;', 'f->up->n = 1; return 0;'],
    ['statement', 'memset(&i', 'struct leaf i; memset(&i, 0, 8); use(&i); return 0;', 'struct leaf i; ; use(&i); return 0;'],
    ['initialiser', 'val', 'int n = 1, val = 0; read(f, &val); return val;', 'int n = 1, val; read(f, &val); return val;'],
    ['word', 'kzalloc>kmalloc', 'f->p = kzalloc(len, 0); return 0;', 'f->p = kmalloc(len, 0); return 0;'],
  ];
  for (const [undo, words, before, after] of NAMED)
    it(`${undo}: undoes what a fact names, ${words}`, () => {
      const text = inFunction('fern_get', before);
      const tree = syntax.parse('c', text);
      const edit = undoneBy(tree, describeDriver(tree), { function: 'fern_get', undo, words }, { CKind, Field });
      assert.isDefined(edit);
      assert.equal(text.slice(0, edit.start) + edit.inserted + text.slice(edit.end), inFunction('fern_get', after));
    });

  it('leaves alone what protects nothing', () => {
    const text = inFunction('fern_get', 'if (len > 8) return -EINVAL; f->n = 3; return 0;');
    const tree = syntax.parse('c', text);
    assert.deepEqual(mutationsOf(tree, describeDriver(tree), { CKind, Field }), []);
  });
});
