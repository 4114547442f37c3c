import { assert } from 'chai';
import { indexMini, LIB, offered, openMini } from './mini-tree';
import { openCatalogue } from '../../../src/core/catalogue';

describe('catalogue: headers', () => {
  it('stand for the module that links them, or that shows what it defines', async () => {
    const catalogue = await openMini({
      [LIB]: 'pub mod clock;\npub mod sync;\n',
      'rust/kernel/clock.rs':
        '//! Clocks.\n//!\n//! C header: [`include/linux/clock.h`](srctree/include/linux/clock.h)\npub struct Clock;\n',
      'rust/kernel/sync.rs': 'pub mod sem;\npub use sem::Sem;\n',
      'rust/kernel/sync/sem.rs': '//! C header: [`include/linux/sem.h`](srctree/include/linux/sem.h)\npub struct Sem;\n',
    });
    assert.deepEqual(offered(catalogue, 'linux/clock.h'), ['kernel::clock']);
    assert.deepEqual(offered(catalogue, '<linux/clock.h>'), ['kernel::clock']);
    assert.sameMembers(offered(catalogue, 'linux/sem.h'), ['kernel::sync', 'kernel::sync::sem']);
    assert.deepEqual(catalogue.lookup('linux/other.h'), {
      name: 'linux/other.h',
      kind: 'header',
      status: 'none',
      rust: [],
      note: '',
    });
  });
  it('stand for the module whose items wrap what they declare', async () => {
    const catalogue = await openMini({
      [LIB]: 'pub mod acme;\n',
      'rust/kernel/acme.rs': 'pub struct A;\nimpl A { pub fn acme_one(&self) { unsafe { bindings::acme_one() } } }\n',
      'include/linux/acme.h': 'void acme_one(void);\n',
    });
    assert.deepEqual(offered(catalogue, 'linux/acme.h'), ['kernel::acme']);
  });
  it('that only have constants stand for the module that has a good part of them', async () => {
    const files = {
      [LIB]: 'pub mod acme;\n',
      'rust/kernel/acme.rs':
        'pub const A_ONE: u32 = bindings::A_ONE;\npub const A_TWO: u32 = bindings::A_TWO;\npub const A_SIX: u32 = bindings::A_SIX;\n',
    };
    const ids = '#define A_ONE 1\n#define A_TWO 2\n#define A_SIX 6\n';
    const header = { 'include/linux/ids.h': ids, 'include/linux/acme.h': '#include <linux/ids.h>\n' };
    assert.deepEqual(offered(await openMini({ ...files, ...header }), 'linux/ids.h'), ['kernel::acme']);
    const more = Array.from({ length: 60 }, (_, n) => `#define B_${n} ${n}\n`).join('');
    assert.deepEqual(offered(await openMini({ ...files, ...header, 'include/linux/ids.h': ids + more }), 'linux/ids.h'), []);
  });
});

describe('catalogue: look-ups', () => {
  const files = {
    [LIB]: 'pub mod acme;\npub mod alloc;\n#[macro_export]\nmacro_rules! acme_device_table { () => {} }\n',
    'rust/kernel/alloc.rs':
      'pub struct Box<T, A>(T, A);\nimpl<T, A> Box<T, A> { pub fn new(x: T) -> Self {} }\npub struct Kmalloc;\npub type KBox<T> = Box<T, Kmalloc>;\n',
    'rust/kernel/acme.rs':
      'pub struct Clk;\nimpl Clk { pub fn acme_get() -> Self { unsafe { bindings::acme_get() } } }\nimpl Drop for Clk { fn drop(&mut self) { unsafe { bindings::acme_put() } } }\n',
    'include/linux/acme.h': 'void *acme_get(void);\nvoid acme_put(void *);\nint acme_raw_only(int x);\n#define ACME_NUMBER 4\n',
  };
  it('tell raw from none', async () => {
    const catalogue = await openMini(files);
    assert.equal(catalogue.lookup('acme_raw_only').status, 'raw');
    assert.equal(catalogue.lookup('ACME_NUMBER', 'macro').status, 'raw');
    const unknown = catalogue.lookup('never_heard_of');
    assert.deepEqual([unknown.status, unknown.rust.length, unknown.note], ['none', 0, '']);
    assert.isFalse(catalogue.has('never_heard_of'));
    assert.isTrue(catalogue.has('acme_get'));
  });
  it('know the table macro of a bus', async () => {
    const catalogue = await openMini(files);
    assert.deepEqual(offered(catalogue, 'MODULE_DEVICE_TABLE(acme)'), ['kernel::acme_device_table']);
    const other = catalogue.lookup('MODULE_DEVICE_TABLE(zorro)');
    assert.equal(other.status, 'none');
    assert.include(other.note, 'zorro');
  });
  it('give a managed variant what the plain name has', async () => {
    const catalogue = await openMini(files);
    assert.deepEqual(offered(catalogue, 'devm_acme_get'), offered(catalogue, 'acme_get'));
    assert.equal(catalogue.lookup('devm_acme_get').rust[0]!.relation, 'replaces');
    assert.deepEqual(offered(catalogue, 'devm_acme_other'), []);
  });
  it('name curated items through aliases, and items of core without a place', async () => {
    const catalogue = await openMini(files);
    const kmalloc = catalogue.lookup('kmalloc');
    assert.equal(kmalloc.rust[0]!.path, 'kernel::alloc::KBox::new');
    assert.equal(kmalloc.rust[0]!.file, 'rust/kernel/alloc.rs');
    const ffs = catalogue.lookup('ffs').rust[0]!;
    assert.deepEqual([ffs.path, ffs.file, ffs.line], ['core::num::trailing_zeros', null, null]);
  });
  it('say so where Rust has nothing, with the neighbour worded as such', async () => {
    const catalogue = await openMini({
      ...files,
      'rust/kernel/sync.rs': 'pub struct Completion;\n',
      [LIB]: `${files[LIB]}pub mod sync;\n`,
    });
    const entry = catalogue.lookup('complete');
    assert.equal(entry.status, 'none');
    assert.deepEqual(
      entry.rust.map((item) => [item.path, item.relation]),
      [['kernel::sync::Completion', 'nearest']],
    );
    assert.include(entry.note, 'complete_all');
  });
  it('say which subsystem Rust does not reach, until it does', async () => {
    const none = (await openMini(files)).lookup('regmap_frobnicate');
    assert.deepEqual([none.status, none.note], ['none', 'Rust for Linux has no regmap yet.']);
    const reached = await openMini({
      ...files,
      [LIB]: `${files[LIB]}pub mod regmap;\n`,
      'rust/kernel/regmap.rs': 'pub struct R;\n',
    });
    assert.equal(reached.lookup('regmap_frobnicate').note, '');
  });
  it('offer what wraps the form with underscores only in part', async () => {
    const catalogue = await openMini({
      ...files,
      'rust/kernel/acme.rs': 'pub struct Mask;\nimpl Mask { pub fn set(&self) { unsafe { bindings::__acme_mask_set() } } }\n',
    });
    const entry = catalogue.lookup('acme_mask_set');
    assert.deepEqual(
      [entry.status, entry.rust[0]!.path, entry.rust[0]!.relation],
      ['partial', 'kernel::acme::Mask::set', 'replaces'],
    );
    assert.include(entry.note, '__acme_mask_set');
  });
  it('fill the group of a pattern into its paths', async () => {
    const catalogue = await openMini({
      ...files,
      [LIB]: `${files[LIB]}pub mod net;\n`,
      'rust/kernel/net.rs': 'pub mod phy { pub mod reg { pub struct C22(u8); impl C22 { pub const BMCR: Self = C22(0); } } }\n',
    });
    assert.deepEqual(offered(catalogue, 'MII_BMCR'), ['kernel::net::phy::reg::C22::BMCR']);
    assert.deepEqual(offered(catalogue, 'MII_BMSR'), []);
  });
  it('know nothing of names that every object of JavaScript has', async () => {
    const catalogue = await openMini({
      ...files,
      'rust/kernel/acme.rs': 'pub fn constructor() { valueOf::new(); toString.hasOwnProperty(); }\n',
    });
    for (const name of ['constructor', 'toString', '__proto__', 'constructor.valueOf', 'hasOwnProperty'])
      assert.deepInclude(catalogue.lookup(name), { name, status: 'none' });
  });
  it('keep the name as it was asked', async () => {
    const catalogue = await openMini(files);
    assert.equal(catalogue.lookup('struct clk').name, 'struct clk');
    assert.equal(catalogue.lookup('include/linux/x.h').kind, 'header');
  });
  it('refuse data of another layout', async () => {
    const data = await indexMini(files);
    assert.throws(() => openCatalogue({ ...data, format: 1 as never }, 'snapshot'), /make it again/);
  });
  it('say of an item whether the kernel has it', async () => {
    const catalogue = await openMini(files);
    assert.deepEqual(
      ['kernel::acme::Clk', 'kernel::alloc::KBox::new', 'core::mem::swap', 'kernel::nothing'].map((path) =>
        catalogue.hasItem(path),
      ),
      [true, true, true, false],
    );
  });
});

describe('catalogue: shapes of items', () => {
  const shapes = async (acme: string) =>
    (await openMini({ [LIB]: 'pub mod acme;\npub mod device;\n', 'rust/kernel/device.rs': DEVICE, 'rust/kernel/acme.rs': acme }))
      .shapes;
  const DEVICE = 'pub struct Device<Ctx>(Ctx);\npub struct Bound;\npub trait DeviceContext {}\n';

  it('traits have their members in order, with names that hold everywhere', async () => {
    const tree = await shapes(
      "use crate::device;\nuse crate::device::Bound;\npub struct Config;\ntype Given<'a, T> = &'a Config;\n#[vtable]\npub trait Driver {\n    type Data<'a>: Send + 'a;\n    const NAME: &'static str = \"acme\";\n    fn probe(dev: &device::Device<Bound>, config: Given<'_, Self>) -> Result<Self::Data<'_>>;\n    fn stop(this: Config) {}\n    #[doc(hidden)]\n    fn inner();\n}\n",
    );
    const { vtable, members } = tree.traitOf('kernel::acme::Driver')!;
    assert.isTrue(vtable);
    assert.deepEqual(
      members.map(({ kind, name, signature, hasDefault }) => [kind, name, signature, hasDefault]),
      [
        ['type', 'Data', "type Data<'a>: Send + 'a", false],
        ['constant', 'NAME', "const NAME: &'static str", true],
        [
          'method',
          'probe',
          "fn probe(dev: &kernel::device::Device<kernel::device::Bound>, config: &'_ kernel::acme::Config) -> Result<Self::Data<'_>>",
          false,
        ],
        ['method', 'stop', 'fn stop(this: kernel::acme::Config)', true],
      ],
    );
    assert.isUndefined(tree.traitOf('kernel::acme::Other'));
    assert.isUndefined(tree.traitOf('constructor'));
  });
  it('methods that are there for some arguments of the type only say for which, and types which other they give', async () => {
    const tree = await shapes(
      'use crate::device;\npub struct Device<Ctx>(Ctx);\nimpl Device<device::Bound> { pub fn map(&self) {} }\nimpl<Ctx: device::DeviceContext> Device<Ctx> { pub fn id(&self) {} }\nimpl<Ctx: device::DeviceContext> AsRef<device::Device<Ctx>> for Device<Ctx> { fn as_ref(&self) -> &device::Device<Ctx> {} }\n',
    );
    assert.deepEqual(tree.receiverOf('kernel::acme::Device::map'), ['Bound']);
    assert.deepEqual(tree.receiverOf('kernel::acme::Device::id'), []);
    assert.deepEqual(tree.asRefOf('kernel::acme::Device'), ['kernel::device::Device']);
  });
  it('macros say what their first rule takes, also through another macro', async () => {
    const tree = await shapes(
      '#[macro_export]\nmacro_rules! table {\n    ($kind:literal, $name:ident, [$($e:expr),*]) => { $crate::module_device_table!("acme", acme_ids, $name); };\n}\n#[macro_export]\nmacro_rules! acme_table {\n    ($($all:tt)*) => { $crate::table!("acme", $($all)*); };\n}\n',
    );
    assert.deepEqual(tree.macroParameters('kernel::acme_table'), ['$name:ident', '[$($e:expr),*]']);
    assert.deepEqual(tree.statics, ['acme_ids']);
  });
});
