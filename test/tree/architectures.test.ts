import { assert } from 'chai';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKconfig, RustArchitectures } from '../../src/core';
import { treeOf } from './trees';

async function architectures(release: string): Promise<RustArchitectures> {
  const tree = treeOf(release);
  const folders = readdirSync(join(tree, 'arch'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new RustArchitectures(
    await readKconfig(
      'Kconfig',
      (path) => readFile(join(tree, path), 'utf8').catch(() => undefined),
      folders.map(({ name }) => name),
    ),
  );
}

describe('architectures with Rust in kernel trees', () => {
  it('7.3: where a driver is built, and where Rust is too', async () => {
    const known = await architectures('7.3');
    const rust = (name: string) => known.of([`CONFIG_${name}`])?.rust;
    assert.deepEqual(rust('BLK_DEV_NULL_BLK'), ['arm', 'arm64', 'loongarch', 'powerpc', 'riscv', 's390', 'um', 'x86']);
    assert.deepEqual(rust('PINCTRL_QCOM_SPMI_PMIC'), ['arm', 'arm64']);
    assert.deepEqual(rust('I8K'), ['x86']);
    assert.deepEqual(rust('WMT_SOCINFO'), ['arm']);
    // m68k, MIPS, SPARC; ARMv5 and ARMv7-M; x86 of 32 bit; PowerPC of 64 bit with the big end first
    const none = ['AMIGA_Z2RAM', 'USB_DWC3_OCTEON', 'SUNVDC', 'DA8XX_MSTPRI', 'GPIO_LPC18XX', 'GEODE_WDT', 'PS3_DISK'];
    for (const name of none) assert.deepEqual(rust(name), [], name);
  });

  it('6.1: Rust was for x86 of 64 bit alone', async () => {
    const known = await architectures('6.1');
    assert.deepEqual(known.of(['CONFIG_BLK_DEV_NULL_BLK'])?.rust, ['x86']);
    assert.deepEqual(known.of(['CONFIG_GEODE_WDT'])?.rust, []);
    assert.deepEqual(known.of(['CONFIG_GPIO_LPC18XX'])?.rust, []);
  });
});
