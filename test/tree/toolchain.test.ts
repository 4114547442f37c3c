import { assert } from 'chai';
import { readinessOf, type TreeReader } from '../../src/core';
import { treeReader } from '../../src/node/tree-reader';
import { treeOf } from './trees';

/** What each release asks for on x86, as its own script prints it, and a condition of its CONFIG_RUST. */
const RELEASES: Record<string, { rustc: string; bindgen: string; llvm: string; condition: string }> = {
  '6.1': { rustc: '1.62.0', bindgen: '0.56.0', llvm: '11.0.0', condition: '!MODVERSIONS' },
  '6.12': { rustc: '1.78.0', bindgen: '0.65.1', llvm: '13.0.1', condition: '!MODVERSIONS' },
  '7.2': { rustc: '1.85.0', bindgen: '0.71.1', llvm: '17.0.1', condition: '!MODVERSIONS || GENDWARFKSYMS' },
  '7.3': { rustc: '1.85.0', bindgen: '0.71.1', llvm: '17.0.1', condition: '!MODVERSIONS || GENDWARFKSYMS' },
};

/** A tree with a .config of its own. */
const configured = (release: string, config: string): TreeReader => {
  const reader = treeReader(treeOf(release));
  return { ...reader, read: (path) => (path === '.config' ? Promise.resolve(config) : reader.read(path)) };
};

describe('what a kernel tree asks of the Rust toolchain', () => {
  for (const [release, { rustc, bindgen, llvm, condition }] of Object.entries(RELEASES))
    it(`${release}: versions, and what CONFIG_RUST depends on`, async () => {
      const config =
        '# Linux/x86 1 Kernel Configuration\nCONFIG_X86_64=y\nCONFIG_HAVE_RUST=y\nCONFIG_RUST_IS_AVAILABLE=y\nCONFIG_MODVERSIONS=y\n';
      const readiness = await readinessOf(configured(release, config), null, 'x86_64');
      assert.deepEqual(
        readiness.tools.map(({ needed }) => needed),
        [rustc, bindgen, llvm, null],
      );
      assert.isTrue(readiness.supported);
      assert.deepEqual(
        readiness.blockers.map(({ text }) => text),
        [condition],
      );
      assert.isFalse(readiness.blockers.some(({ unknown }) => unknown));
      assert.equal(readiness.prompt, 'Rust support');
    });

  it('7.3: on the architectures that ask for more, and those that ask for other symbols', async () => {
    const on = (arch: string, config = '') =>
      readinessOf(
        configured('7.3', `# Linux/${arch} 1 Kernel Configuration\nCONFIG_RUST_IS_AVAILABLE=y\n${config}`),
        null,
        'x86_64',
      );
    assert.equal((await on('s390')).tools[0]!.needed, '1.96.0');
    assert.equal((await on('powerpc')).tools[0]!.needed, '1.95.0');
    assert.deepEqual(
      (await on('riscv', 'CONFIG_RUSTC_SUPPORTS_RISCV=y\n')).blockers.map(({ text, because }) => [text, because[0]?.symbol]),
      [['RUSTC_SUPPORTS_RISCV && CC_IS_CLANG', 'CC_IS_CLANG']],
    );
    assert.deepEqual(
      (await on('sparc64')).blockers.map(({ text }) => text),
      ['HAVE_RUST'],
    );
    assert.equal((await on('sparc64')).arch, 'sparc');
  });
});
