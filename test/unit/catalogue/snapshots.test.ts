import { assert } from 'chai';
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addHistory,
  decodeSnapshot,
  encodeSnapshot,
  linkTree,
  openCatalogue,
  readSnapshot,
  readTree,
  shareNames,
  shippedKernels,
  TreeLinker,
  withFile,
} from '../../../src/core/catalogue';
import type { CatalogueData } from '../../../src/core/catalogue';
import { releaseOf } from '../../../src/core/kernel-version';
import { syntaxForTests } from '../syntax-host';
import { missingPaths } from './curated-paths';
import { indexMini, LIB, readerOf } from './mini-tree';

const folder = join(process.cwd(), 'snapshots');
const read = (name: string): Promise<Uint8Array> => readFile(join(folder, name));
const RELEASES = ['6.1', '6.12', '7.2', '7.3'] as const;

describe('catalogue: shipped snapshots', () => {
  it('are four kernels, small enough, and chosen by release', async () => {
    const index = await shippedKernels(read);
    assert.deepEqual(
      index.kernels.map((kernel) => releaseOf(kernel.version)),
      [...RELEASES],
    );
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    assert.isAtMost(bytes, 600 * 1024);
    assert.equal(releaseOf((await readSnapshot(read)).version), '7.3');
    assert.equal(releaseOf((await readSnapshot(read, '7.0')).version), '6.12');
    assert.equal(releaseOf((await readSnapshot(read, '5.4')).version), '6.1');
  });
  for (const release of RELEASES) {
    it(`${release}: what is curated exists, every link leads to an item`, async () => {
      const data = await readSnapshot(read, release);
      const catalogue = openCatalogue(data, 'snapshot');
      assert.deepEqual(missingPaths(catalogue), []);
      const links = [...Object.values(data.names), ...Object.values(data.fields), ...Object.values(data.headers)].flat();
      for (const [item, , , evidence] of links) {
        assert.isDefined(data.items[item]);
        for (const [, file] of evidence) assert.isDefined(data.files[file]);
      }
      for (const [path, , file, line] of data.items) assert.isTrue(data.files[file] !== undefined && line > 0, path);
      for (const target of Object.values(data.forwards)) assert.isDefined(data.names[target], target);
    });
  }
  it('know what of one kernel an older one has not', async () => {
    const catalogue = openCatalogue(await readSnapshot(read, '7.3'), 'snapshot');
    const since = (name: string, path: string) => catalogue.lookup(name).rust.find((item) => item.path === path)?.since;
    assert.match(since('spin_lock_irqsave', 'kernel::sync::SpinLockIrq') ?? '', /^7\.3/);
    assert.match(since('mutex_lock', 'kernel::sync::Mutex') ?? '', /^6\.12/);
  });
  it('answer differently for different kernels', async () => {
    const old = openCatalogue(await readSnapshot(read, '7.2'), 'snapshot');
    const current = openCatalogue(await readSnapshot(read, '7.3'), 'snapshot');
    assert.equal(old.lookup('spin_lock_irqsave').status, 'none');
    assert.equal(current.lookup('spin_lock_irqsave').status, 'safe');
    assert.equal(openCatalogue(await readSnapshot(read, '6.1'), 'snapshot').lookup('mutex_lock').status === 'safe', false);
  });
  it('have an answer for each name that they know: safe and partial ones with an item that is more than the nearest', async () => {
    const data = await readSnapshot(read);
    const catalogue = openCatalogue(data, 'snapshot');
    for (const name of [...Object.keys(data.names), ...Object.keys(data.fields)]) {
      const { status, rust } = catalogue.lookup(name);
      if (status === 'safe' || status === 'partial')
        assert.isTrue(
          rust.some(({ relation }) => relation !== 'nearest'),
          name,
        );
    }
    assert.equal(catalogue.lookup('never_heard_of').status, 'none');
  });
});

describe('catalogue: encoding', () => {
  it('survives a round trip, and refuses what it does not know', async () => {
    const data = await indexMini({ [LIB]: 'pub mod a;\n', 'rust/kernel/a.rs': 'pub fn f() { unsafe { bindings::acme() } }\n' });
    assert.deepEqual(await decodeSnapshot(await encodeSnapshot(data)), data);
    for (const text of ['{', '{"format":1}', 'null', '[]']) {
      let refused = false;
      await decodeSnapshot(new TextEncoder().encode(text)).catch(() => (refused = true));
      assert.isTrue(refused, text);
    }
  });
  it('shares the bound names of several kernels', async () => {
    const one = await indexMini({ [LIB]: '', 'include/linux/acme.h': 'void a(void);\nvoid b(void);\n' });
    const two = await indexMini({ [LIB]: '', 'include/linux/acme.h': 'void b(void);\nvoid c(void);\n' });
    const { names, facts } = shareNames([one, two]);
    assert.equal(names, 'a:f1\nb:f3\nc:f2');
    assert.deepEqual(
      facts.map((data) => data.raw),
      ['', ''],
    );
  });
  it('counts since from the first of the kernels that all have it', async () => {
    const make = (body: string): Promise<CatalogueData> => indexMini({ [LIB]: body });
    const [old, middle, now] = await Promise.all([
      make('pub fn always() {}\npub fn gone() {}'),
      make('pub fn always() {}\npub fn later() {}'),
      make('pub fn always() {}\npub fn later() {}\npub fn gone() {}'),
    ]);
    old.version = '6.1.0';
    middle.version = '6.12.0';
    addHistory(now, [old, middle]);
    const since = Object.fromEntries(now.items.map((row) => [row[0], row[9]]));
    assert.deepEqual(since, { 'kernel::always': 0, 'kernel::later': 2, 'kernel::gone': 3 });
  });
});

describe('catalogue: changes in a tree', () => {
  const files: Record<string, string> = {
    Makefile: 'VERSION = 7\nPATCHLEVEL = 3\n',
    'rust/bindings/bindings_helper.h': '#include <linux/acme.h>\n',
    'include/linux/acme.h': 'void acme(void);\n',
    [LIB]: 'pub mod a;\nmod b;\n',
    'rust/kernel/a.rs': 'pub fn f() { unsafe { bindings::acme() } }\n',
    'rust/kernel/b.rs': 'pub(crate) fn deep() { unsafe { bindings::acme_two() } }\n',
    'drivers/x/x.rs': 'use kernel::a;\nfn g() { a::f(); }\n',
  };
  it('give the same as a fresh index', async () => {
    const syntax = await syntaxForTests();
    const facts = await readTree(readerOf(files), syntax);
    const changes: [string, string | undefined][] = [
      ['rust/kernel/a.rs', '\n\npub fn f() { helper() }\nfn helper() { unsafe { bindings::acme() } }\n'],
      ['rust/kernel/a.rs', '\npub fn f() { }\nfn helper() { unsafe { bindings::acme() } }\n'],
      ['rust/kernel/a.rs', 'pub fn f() {}\npub fn acme_more() { unsafe { bindings::acme() } }\n'],
      ['rust/kernel/a.rs', 'pub fn f() { crate::b::deep() }\npub fn acme_more() { unsafe { bindings::acme() } }\n'],
      ['rust/kernel/a.rs', '\npub fn f() {}\npub fn acme_more() { crate::b::deep() }\n'],
      ['drivers/a/a.rs', 'use kernel::a;\nfn g() { a::f(); }\n'],
      ['drivers/x/x.rs', undefined],
      ['include/linux/acme.h', 'void acme(void);\nvoid acme_two(void);\n'],
    ];
    let changed = facts;
    const linker = new TreeLinker();
    linker.link(facts);
    const now = { ...files };
    for (const [path, text] of changes) {
      changed = withFile(changed, path, text, syntax);
      if (text === undefined) Reflect.deleteProperty(now, path);
      else now[path] = text;
      const fresh = linkTree(await readTree(readerOf(now), syntax));
      assert.deepEqual(linkTree(changed), fresh, path);
      assert.deepEqual(linker.link(changed), fresh, `${path}, linked again`);
    }
    assert.strictEqual(withFile(changed, 'Documentation/x.rst', '', syntax), changed);
  });
});
