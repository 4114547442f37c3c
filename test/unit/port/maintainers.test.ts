import { assert } from 'chai';
import { parseMaintainers } from '../../../src/core';

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
