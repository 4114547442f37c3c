import { assert } from 'chai';
import {
  isReady,
  nextSteps,
  parseMinVersions,
  readinessMarkdown,
  readinessOf,
  readinessSummary,
  readinessText,
  type FoundTools,
  type Readiness,
  type TreeReader,
} from '../../../src/core';

const MIN = `#!/bin/sh
if [ $# != 1 ]; then
	echo "Usage: $0 toolname" >&2
	exit 1
fi
case "$1" in
binutils)
	echo 2.30.0
	;;
llvm)
	if [ "$SRCARCH" = moon ]; then
		echo 18.0.0 # since then
	else
		echo 17.0.1
	fi
	;;
rustc)
	if [ "$SRCARCH" = "moon" ]; then
		echo 1.96.0
	elif [ "$ARCH" = sun ]; then
		echo 1.95.0
	else
		echo 1.85.0
	fi
	;;
bindgen)
	echo 0.71.1
	;;
*)
	echo "$1: unknown tool" >&2
	exit 1
	;;
esac
`;
const INIT = `config OTHER
	bool "Other"
	depends on NEVER

config RUST
	bool "Rust support"
	depends on HAVE_RUST
	depends on RUST_IS_AVAILABLE
	select EXTRA if MODVERSIONS
	depends on !MODVERSIONS || \\
		   GENDWARFKSYMS
	depends on !BTF || (LANG_EXCLUDE && !LTO)
	depends on !TAGS || RUSTC_VERSION >= 109600 # newer ones know them
	depends on !KASAN
	help
	  depends on nothing: this is text.

config NEXT
	bool
	depends on NEVER
`;
const MAKEFILE = `VERSION = 7
PATCHLEVEL = 3
SUBLEVEL = 4
ifeq ($(ARCH),x86_64)
        SRCARCH := x86
endif
`;
const FOUND: FoundTools = { rustc: '1.90.0', bindgen: '0.71.1', libclang: '19.1.7', coreSources: true };

const ready = (
  config: string | undefined,
  found: FoundTools | null = FOUND,
  files: Record<string, string> = {},
): Promise<Readiness> => {
  const tree: Record<string, string> = {
    Makefile: MAKEFILE,
    'scripts/min-tool-version.sh': MIN,
    'init/Kconfig': INIT,
    'arch/x86/Kconfig': 'config X86\n\tdef_bool y\n\tselect HAVE_RUST if X86_64\n\tselect HAVE_RUST if UML && !ODD\n',
    ...(config !== undefined && { '.config': `# Linux/x86 7.3.4 Kernel Configuration\n${config}` }),
    ...files,
  };
  const reader: TreeReader = { read: (path) => Promise.resolve(tree[path]), list: () => Promise.resolve([]) };
  return readinessOf(reader, found, 'x86_64');
};
const blockers = ({ blockers: all }: Readiness): string[] =>
  all.map(({ text, because }) => `${text}: ${because.map(({ symbol, value }) => `${symbol}=${value}`).join(' ')}`);

describe('the versions that a tree asks for', () => {
  it('are those of the architecture', () => {
    assert.deepEqual(Object.fromEntries(parseMinVersions(MIN, { SRCARCH: 'x86', ARCH: 'x86_64' })), {
      binutils: '2.30.0',
      llvm: '17.0.1',
      rustc: '1.85.0',
      bindgen: '0.71.1',
    });
    assert.equal(parseMinVersions(MIN, { SRCARCH: 'moon' }).get('rustc'), '1.96.0');
    assert.equal(parseMinVersions(MIN, { SRCARCH: 'moon' }).get('llvm'), '18.0.0');
    assert.equal(parseMinVersions(MIN, { SRCARCH: 'x', ARCH: 'sun' }).get('rustc'), '1.95.0');
  });

  it('are none in a text of another form', () => {
    assert.equal(parseMinVersions('echo 1.0\nfi\nelse\n', {}).size, 0);
  });
});

describe('what blocks CONFIG_RUST', () => {
  const BASE = 'CONFIG_HAVE_RUST=y\nCONFIG_RUST_IS_AVAILABLE=y\nCONFIG_RUSTC_VERSION=109000\n';

  it('is nothing where all that it depends on holds', async () => {
    const readiness = await ready(`${BASE}CONFIG_MODVERSIONS=y\nCONFIG_GENDWARFKSYMS=y\nCONFIG_RUST=y\n`);
    assert.deepEqual(blockers(readiness), []);
    assert.isTrue(isReady(readiness));
    assert.deepEqual(nextSteps(readiness), []);
    assert.equal(readinessSummary(readiness), 'Linux 7.3.4: ready to be built with Rust');
  });

  it('is named with the symbols that have to change, and their values', async () => {
    const readiness = await ready(
      `${BASE}CONFIG_MODVERSIONS=y\nCONFIG_BTF=y\nCONFIG_LTO=y\nCONFIG_LANG_EXCLUDE=y\nCONFIG_TAGS=y\nCONFIG_KASAN=m\n`,
    );
    assert.deepEqual(blockers(readiness), [
      '!MODVERSIONS || GENDWARFKSYMS: MODVERSIONS=y GENDWARFKSYMS=n',
      '!BTF || (LANG_EXCLUDE && !LTO): BTF=y LTO=y',
      '!TAGS || RUSTC_VERSION >= 109600: TAGS=y RUSTC_VERSION=109000',
    ]);
    assert.equal(readiness.blockers[0]!.line, 10);
    assert.include(nextSteps(readiness)[0], 'CONFIG_MODVERSIONS (now y) or CONFIG_GENDWARFKSYMS (now n)');
  });

  it('is what the architecture asks for, where that is what is missing', async () => {
    const readiness = await ready('CONFIG_RUST_IS_AVAILABLE=y\n');
    assert.deepEqual(blockers(readiness), ['X86_64: X86_64=n', 'UML && !ODD: UML=n']);
    assert.equal(readiness.blockers[0]!.file, 'arch/x86/Kconfig');
    const none = await ready('CONFIG_RUST_IS_AVAILABLE=y\n', FOUND, { 'arch/x86/Kconfig': '' });
    assert.deepEqual(blockers(none), ['HAVE_RUST: HAVE_RUST=n']);
  });

  it('is not the toolchain that has come since: then the .config is to be made again', async () => {
    const readiness = await ready('CONFIG_HAVE_RUST=y\n');
    assert.deepEqual(blockers(readiness), ['RUST_IS_AVAILABLE: RUST_IS_AVAILABLE=n']);
    assert.match(nextSteps(readiness)[0]!, /make olddefconfig/);
    assert.match(nextSteps(readiness)[1]!, /"Rust support" in General setup/);
  });

  it('is said to be unknown where it is written in another way', async () => {
    const readiness = await ready(BASE, FOUND, { 'init/Kconfig': 'config RUST\n\tbool "Rust"\n\tdepends on $(success,true)\n' });
    assert.isTrue(readiness.blockers[0]!.unknown);
  });
});

describe('the tools', () => {
  it('are too old, missing, or not looked for', async () => {
    const old = await ready(undefined, { rustc: '1.84.1', bindgen: null, libclang: null, coreSources: false });
    assert.deepEqual(
      old.tools.map(({ tool, state }) => `${tool}: ${state}`),
      ['rustc: too old', 'bindgen: missing', 'libclang: not looked for', 'core sources: missing'],
    );
    assert.equal(old.rust, 'no .config');
    const text = readinessText(old);
    assert.match(text, /rustc\s+needed 1\.85\.0\s+found 1\.84\.1\s+too old/);
    assert.include(text, 'cargo install --locked bindgen-cli');
    assert.include(readinessMarkdown(old), '| rustc | 1.85.0 | 1.84.1 |');
    const unasked = await ready(undefined, null);
    assert.isTrue(unasked.tools.every(({ state }) => state === 'not looked for'));
    assert.isFalse(isReady(unasked));
  });

  it('fail for a reason, where they are there and cannot be run', async () => {
    const readiness = await ready(undefined, { ...FOUND, rustc: null, failures: { rustc: 'error: no toolchain <chosen>' } });
    assert.equal(readiness.tools[0]!.state, 'fails');
    assert.include(nextSteps(readiness)[0], 'no toolchain <chosen>');
    assert.include(readinessMarkdown(readiness), 'no toolchain &lt;chosen');
  });

  it('may be too new for a kernel whose own check says so', async () => {
    const readiness = await ready('CONFIG_RUST=y\n', FOUND, { 'scripts/rust_is_available.sh': 'echo "rustc is too new"' });
    assert.equal(readiness.tools[0]!.state, 'newer');
    assert.equal(readiness.tools[1]!.state, 'ok');
  });

  it('are checked for the architecture and compiler of the .config', async () => {
    const config = '# Linux/moon 7.3.4 Kernel Configuration\nCONFIG_CC_IS_CLANG=y\nCONFIG_LD_IS_LLD=y\n';
    const readiness = await ready(undefined, FOUND, { '.config': config });
    assert.equal(readiness.check, 'make ARCH=moon LLVM=1 rustavailable');
    assert.equal(readiness.tools[0]!.needed, '1.96.0');
    assert.equal((await ready('')).check, 'make rustavailable');
  });
});

describe('a kernel that is built in a folder of its own', () => {
  const tree = (files: Record<string, string>): TreeReader => ({
    read: (path) =>
      Promise.resolve({ Makefile: MAKEFILE, 'scripts/min-tool-version.sh': MIN, 'init/Kconfig': INIT, ...files }[path]),
    list: () =>
      Promise.resolve(
        [...new Set(Object.keys(files).map((path) => path.split('/')[0]!))].map((name) => ({ name, directory: true })),
      ),
  });
  const CONFIG = '# Linux/x86 7.3.4 Kernel Configuration\nCONFIG_MODVERSIONS=y\n';

  it('has its .config there: the only one at the top of the tree, if the tree has none', async () => {
    const readiness = await readinessOf(tree({ 'drivers/Makefile': '', 'out/.config': CONFIG }), FOUND, 'x86_64');
    assert.equal(readiness.build, 'out');
    assert.equal(readiness.rust, 'n');
    assert.equal(readiness.check, 'make O=out rustavailable');
    assert.include(readinessText(readiness), 'CONFIG_RUST: n in out');
    assert.include(nextSteps(readiness).join(), 'make O=out menuconfig');
    const own = await readinessOf(tree({ '.config': CONFIG, 'out/.config': 'CONFIG_RUST=y\n' }), FOUND, 'x86_64');
    assert.equal(own.build, '');
    assert.equal(own.rust, 'n');
  });

  it('is not guessed among several', async () => {
    const readiness = await readinessOf(tree({ 'a/.config': CONFIG, 'b/.config': CONFIG }), FOUND, 'x86_64');
    assert.equal(readiness.rust, 'no .config');
  });

  it('is what the user says, in a form that a shell takes as one word', async () => {
    const stated = { path: "/out of tree/b'ld; x", config: CONFIG };
    const readiness = await readinessOf(tree({ '.config': 'CONFIG_RUST=y\n' }), FOUND, 'x86_64', stated);
    assert.equal(readiness.rust, 'n');
    assert.equal(readiness.check, "make O='/out of tree/b'\\''ld; x' rustavailable");
  });
});

describe('a tree without Rust', () => {
  it('is said to have none', async () => {
    const readiness = await ready('', FOUND, { 'init/Kconfig': 'config OTHER\n\tbool\n' });
    assert.isFalse(readiness.supported);
    assert.match(nextSteps(readiness)[0]!, /no Rust support/);
  });
});
