import { assert } from 'chai';
import { parseKconfig, parseMaintainers, readKconfig } from '../../../src/core';

describe('port: Kconfig', () => {
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
    assert.deepEqual(sources, ['d/sub/Kconfig']);
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

describe('port: MAINTAINERS', () => {
  const entries = parseMaintainers(
    [
      'Maintainers List',
      '----------------',
      '',
      'ACME SUBSYSTEM',
      'L:\tacme@lists.example (moderated)',
      'S:\tMaintained',
      'F:\tdrivers/acme/',
      'X:\tdrivers/acme/other/',
      '',
      'ACME SUBSYSTEM [RUST]',
      'S:\tMaintained',
      'F:\trust/kernel/acme.rs',
      '',
      'ACME CHIP',
      'S:\tOrphan',
      'F:\tdrivers/acme/chip*.c',
      '',
      'CHIPS BY NAME',
      'S:\tSupported',
      'N:\tchip[0-9]',
      'N:\t(?<odd',
      '',
      'THE REST',
      'S:\tBuried alive in reporters',
      'F:\t*',
      'F:\t*/',
    ].join('\n'),
  );

  it('the most precise entry speaks, and those for its Rust side are named', () => {
    assert.deepEqual(entries.find('drivers/acme/bus.c'), {
      title: 'ACME SUBSYSTEM',
      status: 'Maintained',
      lists: ['acme@lists.example'],
      rust: ['ACME SUBSYSTEM [RUST]'],
    });
    assert.equal(entries.find('drivers/acme/chip-7.c')?.title, 'ACME CHIP');
  });

  it('a wildcard stays in its folder, exclusions hold, names count last, the catch-all never', () => {
    assert.equal(entries.find('drivers/acme/chips/x.c')?.title, 'ACME SUBSYSTEM');
    assert.isUndefined(entries.find('drivers/acme/other/x.c'));
    assert.equal(entries.find('net/chip4.c')?.title, 'CHIPS BY NAME');
    assert.isUndefined(entries.find('net/core.c'));
  });
});
