import { assert } from 'chai';
import type { CatalogueData } from '../../../src/core/catalogue';
import { KINDS } from '../../../src/core/catalogue/data';
import { indexMini, LIB } from './mini-tree';

const pathsOf = (data: CatalogueData): string[] => data.items.map((row) => row[0]);
const row = (data: CatalogueData, path: string) => data.items.find((item) => item[0] === path)!;

describe('catalogue: items and their public paths', () => {
  it('names an item by the shortest public way, preludes left out', async () => {
    const data = await indexMini({
      [LIB]: 'pub mod sync;\npub mod prelude;\n',
      'rust/kernel/prelude.rs': 'pub use crate::sync::Mutex;\n',
      'rust/kernel/sync.rs': 'pub mod lock;\npub use lock::mutex::Mutex;\n',
      'rust/kernel/sync/lock.rs': 'pub mod mutex;\nmod hidden;\npub use hidden::Guard;\n',
      'rust/kernel/sync/lock/mutex.rs':
        '/// A lock.\npub struct Mutex<T>(T);\nimpl<T> Mutex<T> { pub fn lock(&self) {} fn raw(&self) {} }\n',
      'rust/kernel/sync/lock/hidden.rs': 'pub struct Guard;\npub struct Unseen;\n',
    });
    assert.includeMembers(pathsOf(data), ['kernel::sync::Mutex', 'kernel::sync::Mutex::lock', 'kernel::sync::lock::Guard']);
    assert.notInclude(pathsOf(data), 'kernel::sync::lock::mutex::Mutex');
    assert.notInclude(pathsOf(data), 'kernel::sync::Mutex::raw');
    assert.notInclude(pathsOf(data).join(), 'Unseen');
  });
  it('shows exported macros at the root, hidden ones where they are inlined', async () => {
    const data = await indexMini({
      [LIB]: 'pub mod a;\n',
      'rust/kernel/a.rs':
        '#[macro_export]\nmacro_rules! shown { () => {} }\n#[macro_export]\n#[doc(hidden)]\nmacro_rules! tucked { () => {} }\n#[doc(inline)]\npub use crate::tucked;\nmacro_rules! private { () => {} }\n',
    });
    assert.includeMembers(pathsOf(data), ['kernel::shown', 'kernel::a::tucked']);
    assert.notInclude(pathsOf(data), 'kernel::tucked');
    assert.notInclude(pathsOf(data).join(), 'private');
  });
  it('keeps lines, unsafe, signatures and config symbols', async () => {
    const data = await indexMini({
      [LIB]: '#[cfg(CONFIG_ACME = "y")]\npub mod acme;\n',
      'rust/kernel/acme.rs':
        '\npub struct Device;\nimpl Device {\n    /// Docs.\n    #[cfg(CONFIG_ACME_IRQ)]\n    pub unsafe fn irq(\n        &self,\n        n: u32,\n    ) -> Result<u32> {\n        todo!()\n    }\n}\n#[cfg(not(CONFIG_MMU))]\npub fn nommu() {}\n',
    });
    const [, kind, file, line, isUnsafe, signature, config] = row(data, 'kernel::acme::Device::irq');
    assert.deepEqual(
      [KINDS[kind], data.files[file], line, isUnsafe, signature],
      ['method', 'rust/kernel/acme.rs', 6, 1, 'unsafe fn irq(&self, n: u32) -> Result<u32>'],
    );
    assert.equal(data.configs[config], 'CONFIG_ACME CONFIG_ACME_IRQ');
    assert.equal(
      data.configs[row(data, 'kernel::acme::nommu')[6]],
      'CONFIG_ACME',
      'what is compiled without a symbol does not need it',
    );
  });
  it('has trait members, enum variants and associated types, without what is hidden or for tests', async () => {
    const data = await indexMini({
      [LIB]: 'pub mod a;\n',
      'rust/kernel/a.rs':
        'pub trait Driver { type Data; const NAME: u32; fn probe(); fn stop() {} }\npub enum Kind { Fast = bindings::FAST as isize }\n#[doc(hidden)]\npub fn secret() {}\n#[kunit_tests(a)]\nmod tests { pub fn check() {} }\n',
    });
    assert.includeMembers(pathsOf(data), [
      'kernel::a::Driver::Data',
      'kernel::a::Driver::NAME',
      'kernel::a::Driver::probe',
      'kernel::a::Kind::Fast',
    ]);
    assert.notMatch(pathsOf(data).join(), /secret|check/);
  });
  it('leaves out what no kernel is built with, and members of hidden types', async () => {
    const data = await indexMini({
      [LIB]: 'pub mod a;\n',
      'rust/kernel/a.rs':
        '#[cfg(feature = "std")]\npub fn standard() {}\n#[cfg(not(kernel))]\npub fn elsewhere() {}\n#[cfg(all(not(testlib), CONFIG_ACME))]\npub fn here() {}\n#[doc(hidden)]\npub struct Helper;\nimpl Helper { pub fn help(&self) {} }\n',
    });
    assert.deepEqual(
      pathsOf(data).filter((path) => path !== 'kernel::a'),
      ['kernel::a::here'],
    );
    assert.equal(data.configs[row(data, 'kernel::a::here')[6]], 'CONFIG_ACME');
  });
  it('needs no symbol for an item that is there with and without it', async () => {
    const data = await indexMini({
      [LIB]:
        '#[cfg(CONFIG_ACME)]\npub fn get() {}\n#[cfg(not(CONFIG_ACME))]\npub fn get() {}\n#[cfg(any(CONFIG_A, CONFIG_B))]\npub fn both() {}\n',
    });
    assert.deepEqual(
      data.items.map((item) => [item[0], item[6]]),
      [
        ['kernel::both', -1],
        ['kernel::get', -1],
      ],
    );
  });
  it('reads items that a macro of the file makes, at the place of their name', async () => {
    const data = await indexMini({
      [LIB]: 'pub mod error;\n',
      'rust/kernel/error.rs':
        'pub mod code {\n    macro_rules! declare {\n        ($n:ident, $d:literal) => {\n            #[doc = $d]\n            pub const $n: i32 = crate::bindings::$n as i32;\n        };\n    }\n    declare!(EPERM, "No.");\n}\n',
      'include/linux/acme.h': '#define EPERM 1\n',
    });
    assert.equal(row(data, 'kernel::error::code::EPERM')[3], 8);
    assert.equal(data.items[data.names.EPERM![0]![0]]![0], 'kernel::error::code::EPERM');
  });
  it('finds where drivers use an item', async () => {
    const data = await indexMini({
      [LIB]: 'pub mod acme;\n',
      'rust/kernel/acme.rs': 'pub struct Device;\nimpl Device { pub fn wake_it(&self) {} pub fn new() -> Self { Self } }\n',
      'drivers/acme/acme_rust.rs':
        'use kernel::acme;\n\nfn go(d: &acme::Device) {\n    d.wake_it();\n    let _ = acme::Device::new();\n}\n',
    });
    const uses = (path: string) => row(data, path)[8].map((n, i) => (i % 2 === 0 ? data.files[n] : n));
    assert.deepEqual(uses('kernel::acme::Device::wake_it'), ['drivers/acme/acme_rust.rs', 4]);
    assert.deepEqual(uses('kernel::acme::Device::new'), ['drivers/acme/acme_rust.rs', 5]);
  });
});
