import { assert } from 'chai';
import { parseKconfig, readKconfig, RustArchitectures } from '../../../src/core';

describe('kconfig: reading', () => {
  it('symbols have type, prompt, dependencies and selections; help is no Kconfig', () => {
    const { symbols, sources } = parseKconfig(
      'd/Kconfig',
      [
        'config A',
        '\ttristate "The \\"A\\" device"',
        '\tdepends on B && (C || !D) && \\',
        '\t\tE = y',
        '\tselect F if G',
        '\thelp',
        '\t  config IN_HELP',
        '',
        '\t  depends on NOTHING',
        'if H',
        'config I',
        '\tbool',
        'endif',
        'source "d/sub/Kconfig"',
      ].join('\n'),
    );
    assert.deepEqual(
      symbols.map(({ name, type, prompt, depends, selects, line }) => [
        name,
        type,
        prompt,
        depends.join(' '),
        selects.join(' '),
        line,
      ]),
      [
        ['CONFIG_A', 'tristate', 'The \\"A\\" device', 'CONFIG_B CONFIG_C CONFIG_D CONFIG_E', 'CONFIG_F', 1],
        ['CONFIG_I', 'bool', '', 'CONFIG_H', '', 11],
      ],
    );
    assert.deepEqual(sources, [{ path: 'd/sub/Kconfig', requires: [] }]);
  });

  it('a tree knows who builds on a symbol; circles of sources end', async () => {
    const files: Record<string, string> = {
      Kconfig: 'source "a"\nsource "arch/$(SRCARCH)/Kconfig"\n',
      a: 'config A\n\tbool\nconfig B\n\tbool\n\tdepends on A\nsource "Kconfig"\n',
    };
    const tree = await readKconfig('Kconfig', (path) => Promise.resolve(files[path]));
    assert.deepEqual(tree.dependents('CONFIG_A'), ['CONFIG_B']);
    assert.deepEqual(tree.dependents('CONFIG_B'), []);
    assert.equal(tree.find('CONFIG_B')?.file, 'a');
  });
});

describe('kconfig: architectures', () => {
  /** A small kernel: `old` is without Rust, `arm` has it for its newer processors, `x86` for 64 bit, both ends of `ppc` but the big one of 64 bit. */
  const files: Record<string, string> = {
    Kconfig: [
      'config RUST',
      '\tbool "Rust"',
      '\tdepends on HAVE_RUST',
      'config HAVE_RUST',
      '\tbool',
      'config COMPILE_TEST',
      '\tbool "Compile also drivers that will not load"',
      'config KASAN',
      '\tbool "KASAN"',
      'source "arch/$(SRCARCH)/Kconfig"',
      'source "drivers/Kconfig"',
    ].join('\n'),
    'arch/old/Kconfig': 'config OLD\n\tdef_bool y\nconfig BUS_OF_OLD\n\tbool\n\tdefault y\nsource "drivers/old/Kconfig"\n',
    'drivers/old/Kconfig': 'config OLD_CARD\n\ttristate "Card"\n\tdepends on BUS_OF_OLD\n',
    'arch/arm/Kconfig': [
      'config ARM',
      '\tdef_bool y',
      '\tselect HAVE_RUST if CPU_V7 && !KASAN',
      'config MULTI_V5',
      '\tbool "v5"',
      '\tdepends on !MULTI_V6_V7',
      'config MULTI_V6',
      '\tbool "v6"',
      '\tselect MULTI_V6_V7',
      'config MULTI_V7',
      '\tbool "v7"',
      '\tselect MULTI_V6_V7',
      '\tselect CPU_V7',
      'config MULTI_V6_V7',
      '\tbool',
      'config CPU_V7',
      '\tbool',
      'config MACH_NEW',
      '\tbool "new" if MULTI_V7',
      '\tselect CPU_V7',
      'config MACH_DEAD',
      '\tbool',
      '\tselect CPU_V7',
      'config MACH_V5',
      '\tbool "a v5 machine"',
      '\tdepends on MULTI_V5',
    ].join('\n'),
    'arch/x86/Kconfig': [
      'config X86',
      '\tdef_bool y',
      '\tselect HAVE_RUST if X86_64',
      'config 64BIT',
      '\tbool "64-bit"',
      'config X86_64',
      '\tdef_bool y',
      '\tdepends on 64BIT',
      'config X86_32',
      '\tdef_bool y',
      '\tdepends on !64BIT',
    ].join('\n'),
    'arch/ppc/Kconfig': [
      'config PPC',
      '\tdef_bool y',
      '\tselect HAVE_RUST if PPC32',
      '\tselect HAVE_RUST if PPC64 && LITTLE',
      'config PPC64',
      '\tbool "64-bit"',
      'config PPC32',
      '\tbool',
      '\tdefault y if !PPC64',
      'choice',
      '\tprompt "Ends"',
      'config BIG',
      '\tbool "big"',
      'config LITTLE',
      '\tbool "little"',
      'endchoice',
      'config CONSOLE',
      '\tbool "a game console"',
      '\tdepends on PPC64 && BIG',
    ].join('\n'),
    'drivers/Kconfig': [
      'config ANY',
      '\ttristate "Any"',
      'menu "Old things"',
      '\tdepends on OLD || COMPILE_TEST',
      'config IN_MENU',
      '\ttristate "In a menu"',
      'endmenu',
      'if MACH_V5',
      'source "drivers/v5/Kconfig"',
      'endif',
      'config CONSOLE_DISK',
      '\ttristate "Disk"',
      '\tdepends on CONSOLE',
      'config PPC_ENDS',
      '\ttristate "Either"',
      '\tdepends on BIG',
      'config GEODE',
      '\ttristate "Geode"',
      '\tdepends on X86_32',
      'config NOT_ARM',
      '\ttristate "Not on ARM"',
      '\tdepends on !ARM',
      'config LEVEL',
      '\tint "Level"',
      'config LEVELLED',
      '\ttristate "Levelled"',
      '\tdepends on X86 = y && LEVEL > 3 && $(cc-option,-mx)',
      'config HELPER',
      '\ttristate',
      'config USER_OF_HELPER',
      '\ttristate "User"',
      '\tdepends on OLD',
      '\tselect HELPER',
    ].join('\n'),
    'drivers/v5/Kconfig': 'config V5_TIMER\n\ttristate "Timer"\n',
  };
  const of = async (...configs: string[]) =>
    new RustArchitectures(await readKconfig('Kconfig', (path) => Promise.resolve(files[path]), ['arm', 'old', 'ppc', 'x86'])).of(
      configs.map((name) => `CONFIG_${name}`),
    );

  it('what asks for nothing is built everywhere, with Rust where an architecture selects it', async () => {
    assert.deepEqual(await of('ANY'), { built: ['arm', 'old', 'ppc', 'x86'], rust: ['arm', 'ppc', 'x86'] });
    assert.deepEqual(await of('NOT_ARM'), { built: ['old', 'ppc', 'x86'], rust: ['ppc', 'x86'] });
  });

  it('a bus, a menu and a file of an architecture without Rust have none; compile tests are no hardware', async () => {
    for (const name of ['OLD_CARD', 'IN_MENU', 'HELPER']) assert.deepEqual(await of(name), { built: ['old'], rust: [] }, name);
  });

  it('the conditions of HAVE_RUST rule out what contradicts them: old processors, 32 bit, the other byte order', async () => {
    assert.deepEqual(await of('V5_TIMER'), { built: ['arm'], rust: [] });
    assert.deepEqual(await of('MACH_NEW'), { built: ['arm'], rust: ['arm'] });
    assert.deepEqual(await of('GEODE'), { built: ['x86'], rust: [] });
    assert.deepEqual(await of('CONSOLE_DISK'), { built: ['ppc'], rust: [] });
    assert.deepEqual(await of('PPC_ENDS'), { built: ['ppc'], rust: ['ppc'] });
  });

  it('what only a build knows is held possible', async () => {
    assert.deepEqual(await of('LEVELLED'), { built: ['x86'], rust: ['x86'] });
  });

  it('all symbols of a driver count together', async () => {
    assert.deepEqual(await of('ANY', 'OLD_CARD'), { built: ['old'], rust: [] });
  });

  it('nothing is said of unknown symbols, trees whose architectures were not read, and kernels without Rust', async () => {
    assert.isUndefined(await of('NOBODY_KNOWS'));
    const read = (path: string) =>
      Promise.resolve(path === 'Kconfig' ? 'config ANY\n\tbool "Any"\n' : 'config X86\n\tdef_bool y\n');
    for (const architectures of [[], ['x86']])
      assert.isUndefined(new RustArchitectures(await readKconfig('Kconfig', read, architectures)).of(['CONFIG_ANY']));
  });
});
