import { assert } from 'chai';
import { Kbuild } from '../../../src/core';

/** The rules of a tree that has these makefiles, and every source that they name but those in `absent`. */
function kbuild(makefiles: Record<string, string>, absent: string[] = []): Kbuild {
  return new Kbuild(
    (path) => Promise.resolve(makefiles[path]),
    (path) => !absent.includes(path),
  );
}

const modules = async (text: string, others: Record<string, string> = {}, absent: string[] = []) =>
  (await kbuild({ 'd/Makefile': text, ...others }, absent).modulesIn('d')).map(
    ({ name, configs, sources }) => `${name} ${configs.join('|')}: ${sources.join(' ')}`,
  );

describe('port: makefiles', () => {
  it('an object is the source of its name, or what its lists say', async () => {
    assert.deepEqual(
      await modules(
        'obj-$(CONFIG_A) += a.o\nobj-m += b.o\nb-objs := x.o y.o\nb-$(CONFIG_Z) += z.o\nobj-$(CONFIG_C)+=c.o\nc-y=c1.o',
      ),
      ['a CONFIG_A: d/a.c', 'b : d/x.c d/y.c d/z.c', 'c CONFIG_C: d/c1.c'],
    );
  });

  it('an object under several symbols is one module; without a source it is none', async () => {
    assert.deepEqual(await modules('obj-$(CONFIG_A) += a.o gone.o\nobj-$(CONFIG_B) += a.o', {}, ['d/gone.c']), [
      'a CONFIG_A|CONFIG_B: d/a.c',
    ]);
  });

  it('lines are continued, comments end lines, conditionals count on both sides', async () => {
    const text =
      'obj-$(CONFIG_A) += a.o # not b.o\na-y := a1.o \\\n  a2.o\nifdef CONFIG_X\n\ta-y += a3.o\nelse\na-y += a4.o\nendif\n';
    assert.deepEqual(await modules(text), ['a CONFIG_A: d/a1.c d/a2.c d/a3.c d/a4.c']);
  });

  it('obj-y under a condition is under its symbol; commands of a rule are no assignments', async () => {
    assert.deepEqual(await modules('ifdef CONFIG_X\nobj-y += a.o\nendif\nout: in\n\tobj-y += no.o\nobj-y += b.o\n'), [
      'a CONFIG_X: d/a.c',
      'b : d/b.c',
    ]);
  });

  it('folders for headers are those of -I in the nearest makefile, and of subdir-ccflags-y above', async () => {
    const tree = kbuild({
      'd/Makefile': 'subdir-ccflags-y += -I$(src)/include\nccflags-y := -Inot/below\nobj-y += e/',
      'd/e/Makefile': 'ccflags-y := -I $(src)/../common -I$(srctree)/drivers/base -DX\nobj-m += a.o',
    });
    const expected = ['d/common', 'drivers/base', 'd/include'];
    assert.deepEqual(await tree.includePathsOf('d/e'), expected);
    assert.deepEqual(await tree.includePathsOf('d/e/parts'), expected);
  });

  it('variables, functions over lists and includes are expanded', async () => {
    const text = [
      'DIR = sub',
      'LIST = x.o y.o',
      'obj-$(CONFIG_A) += a.o',
      'a-y := $(addprefix $(DIR)/,$(LIST)) $(patsubst %,deep/%.o,one two) $(NAMES:.c=.o)',
      'NAMES := n.c',
      'include $(src)/../e/part.mk',
      'a-y += $(PART)',
    ].join('\n');
    assert.deepEqual(await modules(text, { 'e/part.mk': 'PART = ../e/p.o' }), [
      'a CONFIG_A: d/sub/x.c d/sub/y.c d/deep/one.c d/deep/two.c d/n.c e/p.c',
    ]);
  });

  it('what a list under a symbol holds is taken over with the symbol', async () => {
    assert.deepEqual(await modules('sfp-obj-$(CONFIG_SFP) += sfp-bus.o\nobj-y += $(sfp-obj-y) $(sfp-obj-m)'), [
      'sfp-bus CONFIG_SFP: d/sfp-bus.c',
    ]);
  });

  it('objects of lists that rules are made of are modules of their own', async () => {
    const text = 'acme-target-$(CONFIG_A) += a.o\n$(foreach t,$(acme-target-y),$(eval $(call RULE,$(t))))';
    assert.deepEqual(await modules(text), ['a CONFIG_A: d/a.c']);
  });

  it('symbols of the folders above count, the nearest first; Kbuild goes before Makefile', async () => {
    const tree = kbuild({
      Makefile: 'obj-y += top/',
      'top/Makefile': 'obj-$(CONFIG_TOP) += mid/low/',
      'top/mid/low/Kbuild': 'obj-$(CONFIG_LOW) += a.o',
      'top/mid/low/Makefile': 'obj-y += wrong.o',
    });
    const [module] = await tree.modulesOf('top/mid/low/a.c');
    assert.deepEqual(module?.configs, ['CONFIG_LOW', 'CONFIG_TOP']);
    assert.deepEqual(await tree.modulesOf('top/mid/low/wrong.c'), []);
  });

  it('a makefile above may name a source', async () => {
    const tree = kbuild({ 'a/Makefile': 'obj-$(CONFIG_A) += a.o\na-y := b/c/x.o' });
    assert.equal((await tree.modulesOf('a/b/c/x.c'))[0]?.name, 'a');
  });

  it('what never ends is cut short: a variable of itself, a makefile that includes itself, open brackets', async () => {
    for (const text of [
      'A = $(B)\nB = $(A)\nobj-y += $(A) a.o',
      'include d/Makefile\nobj-y += a.o',
      'obj-y += a.o $(addprefix x,',
      'a-y := a.o b.o\nobj-y += a.o',
    ])
      assert.isAtMost((await modules(text)).length, 2, text);
  });
});
