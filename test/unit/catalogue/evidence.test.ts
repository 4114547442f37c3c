import { assert } from 'chai';
import { LIB, offered, openMini } from './mini-tree';

const acme = (rust: string, more: Record<string, string> = {}) =>
  openMini({ [LIB]: 'pub mod acme;\npub mod types;\n', 'rust/kernel/acme.rs': rust, ...more });

describe('catalogue: evidence in rust/kernel', () => {
  it('a method that calls the binding, with the place', async () => {
    const catalogue = await acme(
      'pub struct Device(Opaque<bindings::acme_device>);\nimpl Device {\n    pub fn reset(&self) {\n        unsafe { bindings::acme_reset(self.0.get()) };\n    }\n}\n',
    );
    const entry = catalogue.lookup('acme_reset');
    assert.equal(entry.status, 'safe');
    assert.equal(entry.rust[0]!.path, 'kernel::acme::Device::reset');
    assert.equal(entry.rust[0]!.relation, 'wraps');
    assert.include(entry.rust[0]!.evidence[0], 'calls bindings::acme_reset at rust/kernel/acme.rs:4');
  });
  it('a type that holds the structure', async () => {
    const catalogue = await acme('pub struct Device(Opaque<bindings::acme_device>);\n');
    assert.deepEqual(offered(catalogue, 'acme_device'), ['kernel::acme::Device']);
    assert.deepEqual(offered(catalogue, 'struct acme_device'), ['kernel::acme::Device']);
  });
  it('calls inside the bodies of macros', async () => {
    const catalogue = await acme(
      'pub struct Reg;\nimpl Reg {\n    pub fn register() -> impl PinInit<Self> {\n        try_pin_init!(Self { inner <- Opaque::ffi_init(|slot| { bindings::acme_register(slot) }) })\n    }\n}\n',
    );
    assert.equal(offered(catalogue, 'acme_register')[0], 'kernel::acme::Reg::register');
  });
  it('through private helpers to what a user can call', async () => {
    const catalogue = await acme(
      'pub struct Clk;\nimpl Clk {\n    fn do_enable(&self) { unsafe { bindings::acme_clk_enable() } }\n    pub fn enable(&self) { self.do_enable() }\n}\nfn helper() { unsafe { bindings::acme_sync() } }\npub fn acme_sync_all() { helper() }\n',
    );
    assert.equal(offered(catalogue, 'acme_clk_enable')[0], 'kernel::acme::Clk::enable');
    assert.equal(offered(catalogue, 'acme_sync')[0], 'kernel::acme::acme_sync_all');
  });
  it('through a method of what was just made, though others are called so too', async () => {
    const catalogue = await acme(
      'pub struct Vm;\nimpl Vm { pub fn obtain(&self) -> Result<u8> { Ok(Alloc::new(self)?.obtain()) } }\nstruct Alloc;\nimpl Alloc {\n    fn new(vm: &Vm) -> Result<Self> { todo!() }\n    fn obtain(self) -> u8 { unsafe { bindings::acme_vm_obtain(0) } }\n}\nstruct Other;\nimpl Other { fn obtain(self) -> u8 { 0 } }\n',
    );
    assert.deepEqual(offered(catalogue, 'acme_vm_obtain'), ['kernel::acme::Vm::obtain']);
  });
  it('through the backend of a generic type to the alias that picks it', async () => {
    const catalogue = await acme(
      'pub unsafe trait Backend { unsafe fn lock(p: *mut u8); unsafe fn unlock(p: *mut u8); }\npub struct Lock<T, B: Backend>(T, B);\nimpl<T, B: Backend> Lock<T, B> { pub fn lock(&self) { unsafe { B::lock(p) } } }\npub struct Guard<T, B: Backend>(T, B);\nimpl<T, B: Backend> Drop for Guard<T, B> { fn drop(&mut self) { unsafe { B::unlock(p) } } }\npub struct SemBackend;\nunsafe impl Backend for SemBackend {\n    unsafe fn lock(p: *mut u8) { unsafe { bindings::sem_lock(p) } }\n    unsafe fn unlock(p: *mut u8) { unsafe { bindings::sem_unlock(p) } }\n}\npub type Sem<T> = Lock<T, SemBackend>;\n',
    );
    assert.includeMembers(offered(catalogue, 'sem_lock'), ['kernel::acme::Lock::lock', 'kernel::acme::Sem']);
    assert.includeMembers(offered(catalogue, 'sem_unlock'), ['kernel::acme::Guard']);
    assert.notInclude(offered(catalogue, 'sem_lock')[0], 'SemBackend');
  });
  it('a release in Drop, and one by the reference count', async () => {
    const catalogue = await acme(
      'pub struct Reg;\nimpl Drop for Reg { fn drop(&mut self) { unsafe { bindings::acme_unregister() } } }\npub unsafe trait AlwaysRefCounted { fn inc_ref(&self); unsafe fn dec_ref(obj: NonNull<Self>); }\npub struct ARef<T: AlwaysRefCounted>(T);\nimpl<T: AlwaysRefCounted> Drop for ARef<T> { fn drop(&mut self) { unsafe { T::dec_ref(self.0) } } }\npub struct Device;\nunsafe impl AlwaysRefCounted for Device { fn inc_ref(&self) {} unsafe fn dec_ref(obj: NonNull<Self>) { unsafe { bindings::acme_put(obj) } } }\n',
    );
    assert.deepEqual(offered(catalogue, 'acme_unregister'), ['kernel::acme::Reg']);
    assert.match(catalogue.lookup('acme_unregister').rust[0]!.evidence[0]!, /its drop calls/);
    assert.includeMembers(offered(catalogue, 'acme_put'), ['kernel::acme::ARef', 'kernel::acme::Device']);
  });
  it('constants, also as enum variants', async () => {
    const catalogue = await acme(
      'pub mod flags { pub const SHARED: u32 = bindings::ACMEF_SHARED; }\npub enum Mode { Fast = bindings::ACME_MODE_FAST }\n',
    );
    assert.equal(offered(catalogue, 'ACMEF_SHARED')[0], 'kernel::acme::flags::SHARED');
    assert.equal(offered(catalogue, 'ACME_MODE_FAST')[0], 'kernel::acme::Mode::Fast');
  });
  it('enumerators that bindgen puts under their enum, with the Rust enum beside the variant', async () => {
    const catalogue = await acme(
      'pub enum Mode { Fast = bindings::acme_mode::ACME_FAST.0, Slow = Self::of(bindings::acme_mode::ACME_SLOW) }\n',
    );
    assert.deepEqual(offered(catalogue, 'ACME_FAST'), ['kernel::acme::Mode::Fast', 'kernel::acme::Mode']);
    assert.equal(offered(catalogue, 'ACME_SLOW')[0], 'kernel::acme::Mode::Slow');
  });
  it('enum variants that a match puts against constants, under the name that C uses', async () => {
    const catalogue = await acme(
      'pub enum State { Up, Down }\npub enum Duplex { Full }\nimpl State {\n    pub fn get(v: u32) -> State {\n        match v { bindings::acme_state_ACME_UP => State::Up, _ => State::Down }\n    }\n}\npub fn set(m: Duplex) -> u32 { match m { Duplex::Full => bindings::ACME_FULL } }\n',
      { 'include/linux/acme.h': 'enum acme_state { ACME_UP, ACME_DOWN };\n#define ACME_FULL 1\n' },
    );
    assert.equal(offered(catalogue, 'ACME_UP')[0], 'kernel::acme::State::Up');
    assert.equal(offered(catalogue, 'ACME_FULL')[0], 'kernel::acme::Duplex::Full');
    assert.deepEqual(offered(catalogue, 'acme_state_ACME_UP'), offered(catalogue, 'ACME_UP'), "bindgen's name leads there too");
  });
  it('an associated constant leads to the type that has it', async () => {
    const catalogue = await acme(
      'pub trait Clock { const ID: u32; }\npub struct Monotonic;\nimpl Clock for Monotonic { const ID: u32 = bindings::ACME_CLOCK_MONOTONIC; }\n',
    );
    assert.equal(offered(catalogue, 'ACME_CLOCK_MONOTONIC')[0], 'kernel::acme::Monotonic');
  });
  it('constants that have their module in front in C', async () => {
    const catalogue = await acme('pub mod flags { pub const CONST_LOOPS: u16 = 1 << 1; }\n', {
      'include/linux/acme.h': '#define ACME_CONST_LOOPS 2\n',
    });
    assert.equal(offered(catalogue, 'ACME_CONST_LOOPS')[0], 'kernel::acme::flags::CONST_LOOPS');
  });
  it('another method of the type, for a C function that passes more on', async () => {
    const catalogue = await acme(
      'pub struct Config;\nimpl Config {\n    pub fn set(self) { unsafe { bindings::acme_set_config(0) } }\n    pub fn set_regulator_names(self) -> Self { self }\n    pub fn acme(self) {}\n}\n',
      {
        'include/linux/acme.h':
          'int acme_set_config(int c);\nstatic inline int acme_set_regulators(int n) { return acme_set_config(n); }\nstatic inline int acme_set_colour(int n) { return acme_set_config(n); }\n',
      },
    );
    assert.equal(offered(catalogue, 'acme_set_regulators')[0], 'kernel::acme::Config::set_regulator_names');
    assert.deepEqual(offered(catalogue, 'acme_set_colour'), []);
  });
  it('types that are made of what C has, and types around a private one', async () => {
    const catalogue = await acme(
      'pub struct Wave { len: u32 }\nimpl From<bindings::acme_wave> for Wave { fn from(wave: bindings::acme_wave) -> Self { todo!() } }\nstruct PoolInner(Opaque<bindings::acme_pool>);\nimpl Drop for PoolInner { fn drop(&mut self) { unsafe { bindings::acme_pool_fini(self.0.get()) } } }\npub struct Pool { inner: Arc<PoolInner> }\npub trait Mode { const C_MODE: bindings::acme_mode; }\n',
    );
    assert.equal(offered(catalogue, 'acme_wave')[0], 'kernel::acme::Wave');
    assert.equal(offered(catalogue, 'acme_pool')[0], 'kernel::acme::Pool');
    assert.equal(offered(catalogue, 'acme_pool_fini')[0], 'kernel::acme::Pool');
    assert.equal(offered(catalogue, 'acme_mode')[0], 'kernel::acme::Mode');
  });
  it('how a structure is made, beside the type that holds it', async () => {
    const catalogue = await acme('pub struct Map(Opaque<bindings::acme_map>);\nimpl Map { pub fn new() -> Self { todo!() } }\n');
    assert.deepEqual(
      catalogue.lookup('acme_map', 'struct').rust.map((item) => item.path),
      ['kernel::acme::Map', 'kernel::acme::Map::new'],
    );
  });
  it('not a step inside another job, nor what is only there for tests', async () => {
    const catalogue = await acme(
      'pub struct Ring;\nimpl Ring {\n    pub fn fill(&mut self) {\n        let size = unsafe { bindings::dma_max_size(self.dev) };\n        unsafe { bindings::ring_fill(self.raw, size) };\n        unsafe { bindings::kick(self.raw) };\n    }\n    #[cfg(CONFIG_ACME_BENCHMARK)]\n    pub fn noise(&mut self) { unsafe { bindings::make_noise(self.raw) } }\n}\n',
      { 'include/linux/acme.h': 'int dma_max_size(void *d);\nvoid make_noise(void *p);\n' },
    );
    assert.equal(offered(catalogue, 'ring_fill')[0], 'kernel::acme::Ring::fill');
    assert.deepEqual(offered(catalogue, 'dma_max_size'), []);
    assert.equal(catalogue.lookup('dma_max_size').status, 'raw');
    assert.equal(catalogue.lookup('dma_max_size').note, 'Used inside the abstractions only, at rust/kernel/acme.rs:4.');
    assert.equal(catalogue.lookup('make_noise').status, 'raw');
  });
  it('nor a step of a job that shares no more than a verb with it, nor what a callback takes', async () => {
    const catalogue = await acme(
      'pub struct Later;\nimpl Later { pub fn new() -> Self { unsafe { bindings::later_init(0); bindings::egg_timer_init(1) } } }\nimpl Drop for Later { fn drop(&mut self) { unsafe { bindings::later_fini(); bindings::resv_lock() } } }\npub struct Table { open: Option<unsafe extern "C" fn(file: *mut bindings::acme_buf) -> *mut bindings::acme_att> }\n',
      { 'include/linux/acme.h': 'int egg_timer_init(int n);\nvoid resv_lock(void);\nstruct acme_buf { int n; };\n' },
    );
    assert.equal(offered(catalogue, 'later_init')[0], 'kernel::acme::Later::new');
    assert.equal(offered(catalogue, 'later_fini')[0], 'kernel::acme::Later');
    for (const name of ['egg_timer_init', 'resv_lock', 'acme_buf', 'acme_att'])
      assert.deepEqual(offered(catalogue, name), [], name);
  });
  it('other ways to do what a method does, and what turns a value into one that does it', async () => {
    const catalogue = await acme(
      'pub struct Reg;\nimpl Reg {\n    pub fn new() -> Self { unsafe { bindings::acme_register(0) } }\n    pub fn new_owned() -> Self { keep(Self::new()) }\n    pub fn into_acme_put_async(self) -> Later { Later(self) }\n}\npub struct Later(Reg);\nimpl Drop for Later { fn drop(&mut self) { unsafe { bindings::acme_put_async(self.0) } } }\n',
    );
    assert.includeMembers(offered(catalogue, 'acme_register'), ['kernel::acme::Reg::new', 'kernel::acme::Reg::new_owned']);
    assert.includeMembers(offered(catalogue, 'acme_put_async'), [
      'kernel::acme::Later',
      'kernel::acme::Reg::into_acme_put_async',
    ]);
  });
  it('what makes a private type, for what that undoes when it is dropped', async () => {
    const catalogue = await acme(
      'pub struct Chip;\nimpl Chip { pub fn register(self) -> Result { keep(Guard(self)) } }\nstruct Guard(Chip);\nimpl Drop for Guard { fn drop(&mut self) { unsafe { bindings::chip_remove(self.0) } } }\n',
    );
    assert.deepEqual(offered(catalogue, 'chip_remove'), ['kernel::acme::Chip::register']);
  });
  it('names that documentation gives: another name, the structure that a type is called like', async () => {
    const catalogue = await acme(
      'pub struct Cell;\nimpl Cell {\n    #[doc(alias = "cell_read", alias = "peek")]\n    pub fn load(&self) {}\n}\npub trait Driver {\n    /// Sets `ACME_FEAT_RENDER`, not `ACME_FEAT_OTHER`.\n    const FEAT_RENDER: bool = false;\n}\n/// Stands for `struct acme_setup_config`, unlike `struct acme_other`.\npub struct Config;\n/// Holds `struct acme_device`; see `struct acme_devices`.\npub struct Device(Opaque<bindings::acme_device>);\n',
      {
        'include/linux/acme.h':
          'int cell_read(void *c);\n#define ACME_FEAT_RENDER 1\n#define ACME_FEAT_OTHER 2\n#define peek(a, b) do { } while (0)\nstruct acme_setup_config { int n; };\nstruct acme_other { int n; };\nstruct acme_devices { int n; };\n',
      },
    );
    assert.deepEqual(offered(catalogue, 'cell_read'), ['kernel::acme::Cell::load']);
    assert.deepEqual(offered(catalogue, 'acme_setup_config'), ['kernel::acme::Config']);
    assert.deepEqual(offered(catalogue, 'ACME_FEAT_RENDER'), ['kernel::acme::Driver::FEAT_RENDER']);
    assert.deepEqual(offered(catalogue, 'ACME_FEAT_OTHER'), []);
    for (const name of ['peek', 'acme_other', 'acme_devices']) assert.deepEqual(offered(catalogue, name), [], name);
  });
  it('unsafe functions make it partial, and safe ones go first', async () => {
    const catalogue = await acme(
      'pub struct A;\nimpl A {\n    pub unsafe fn poke(&self) { unsafe { bindings::acme_poke() } }\n    pub unsafe fn scan_raw(&self) { unsafe { bindings::acme_scan() } }\n    pub fn scan(&self) { unsafe { bindings::acme_scan() } }\n}\n',
    );
    assert.equal(catalogue.lookup('acme_poke').status, 'partial');
    assert.match(catalogue.lookup('acme_poke').note, /unsafe/);
    assert.equal(catalogue.lookup('acme_scan').status, 'safe');
    assert.equal(offered(catalogue, 'acme_scan')[0], 'kernel::acme::A::scan');
  });
  it('so do macros whose documentation says what must hold', async () => {
    const macro = '#[macro_export]\nmacro_rules! acme_peek { ($x:expr) => { bindings::acme_peek($x) } }\n';
    const header = { 'include/linux/acme.h': 'int acme_peek(int x);\n' };
    assert.equal((await acme(macro, header)).lookup('acme_peek').status, 'safe');
    assert.equal((await acme(`/// # Safety\n///\n/// A key.\n${macro}`, header)).lookup('acme_peek').status, 'partial');
  });
});

const VTABLE = `use crate::types::Opaque;
pub struct Adapter<T: Driver>(T);
unsafe impl<T: Driver> Layout for Adapter<T> { type DriverType = bindings::acme_driver; }
impl<T: Driver> Adapter<T> {
    fn register(drv: &Opaque<Self::DriverType>) {
        unsafe {
            (*drv.get()).probe = Some(Self::probe_callback);
            (*drv.get()).remove = Some(Self::remove_callback);
        }
    }
    extern "C" fn probe_callback(dev: *mut bindings::acme_device) -> c_int { from_result(|| { T::probe(dev)?; Ok(0) }) }
    extern "C" fn remove_callback(dev: *mut bindings::acme_device) { T::unbind(dev); }
}
pub trait Driver { fn probe(dev: &Device) -> Result; fn unbind(dev: &Device) {} }
struct Vtable<T: Ops>(T);
impl<T: Ops> Vtable<T> {
    const TABLE: bindings::acme_ops = bindings::acme_ops {
        start: if T::HAS_START { Some(Self::start) } else { None },
        stop: None,
        ..pin_init::zeroed()
    };
    unsafe extern "C" fn start(p: *mut u8) { T::start(p) }
}
#[vtable]
pub trait Ops { fn start(p: &Device); }
`;
const VTABLE_H = `struct acme_driver { int (*probe)(struct acme_device *); void (*remove)(struct acme_device *); void (*shutdown)(struct acme_device *); int id; };
struct acme_ops { void (*start)(void *); void (*stop)(void *); int (*poll)(void *); };
struct lone_ops { void (*go)(void *); };
`;

describe('catalogue: callback fields', () => {
  it('lead to the trait method that the callback calls', async () => {
    const catalogue = await acme(VTABLE, { 'include/linux/acme.h': VTABLE_H });
    assert.deepEqual(offered(catalogue, 'acme_driver.probe'), ['kernel::acme::Driver::probe']);
    assert.deepEqual(offered(catalogue, 'acme_driver.remove'), ['kernel::acme::Driver::unbind']);
    assert.deepEqual(offered(catalogue, 'acme_ops.start'), ['kernel::acme::Ops::start']);
    assert.equal(catalogue.lookup('acme_driver.probe').rust[0]!.relation, 'implements');
    assert.equal(offered(catalogue, 'acme_ops')[0], 'kernel::acme::Ops');
    assert.equal(offered(catalogue, 'acme_driver')[0], 'kernel::acme::Driver');
  });
  it('lead to a method of data that the type parameter bounds, and leave to the abstraction what it fills by itself', async () => {
    const catalogue = await acme(
      'pub trait DriverVm { fn step(&mut self); }\npub struct Vm<T: DriverVm>(T);\nimpl<T: DriverVm> Vm<T> {\n    const OPS: bindings::vm_ops = bindings::vm_ops { step: Some(Self::step_map), free: Some(Self::free) };\n    unsafe extern "C" fn step_map(p: *mut u8) { data(p).step() }\n    unsafe extern "C" fn free(p: *mut u8) {}\n}\npub struct Lone;\nimpl Lone { const OPS: bindings::lone_ops = bindings::lone_ops { go: Some(Self::go) }; extern "C" fn go() {} }\n',
      {
        'include/linux/acme.h':
          'struct vm_ops { void (*step)(void *); void (*free)(void *); };\nstruct lone_ops { void (*go)(void *); };\n',
      },
    );
    assert.deepEqual(offered(catalogue, 'vm_ops.step'), ['kernel::acme::DriverVm::step']);
    assert.deepEqual(offered(catalogue, 'vm_ops.free'), ['kernel::acme::Vm']);
    assert.equal(catalogue.lookup('vm_ops.free').status, 'partial');
    assert.equal(catalogue.lookup('vm_ops.free').note, 'The abstraction fills it; a driver has no hook there.');
    assert.deepEqual(offered(catalogue, 'lone_ops.go'), []);
  });
  it('lead to the constants of the trait, also where a macro makes the table', async () => {
    const catalogue = await acme(
      'pub trait Driver { const NAME: u8; fn open(x: u8); }\npub struct Dev<T: Driver>(T);\nimpl<T: Driver> Dev<T> {\n    const TABLE: bindings::acme_driver = legacy_fields! { open: Some(Self::open_callback), name: as_ptr(T::NAME), close: None, flags: Self::flags() };\n    extern "C" fn open_callback(p: *mut u8) { T::open(p) }\n}\n',
      { 'include/linux/acme.h': 'struct acme_driver { int (*open)(void *); int (*close)(void *); char *name; int flags; };\n' },
    );
    assert.deepEqual(offered(catalogue, 'acme_driver'), ['kernel::acme::Driver']);
    assert.deepEqual(offered(catalogue, 'acme_driver.open'), ['kernel::acme::Driver::open']);
    assert.deepEqual(offered(catalogue, 'acme_driver.name'), ['kernel::acme::Driver::NAME']);
    assert.deepEqual(offered(catalogue, 'acme_driver.flags'), []);
    assert.equal(
      catalogue.lookup('acme_driver.close').note,
      'kernel::acme::Driver has no counterpart of close; of this structure it covers open.',
    );
    assert.equal(catalogue.lookup('acme_driver.flags').note, '', 'no word of data that Rust may fill');
  });
  it('that Rust leaves out are none, with what there is', async () => {
    const catalogue = await acme(VTABLE, { 'include/linux/acme.h': VTABLE_H });
    const entry = catalogue.lookup('acme_driver.shutdown');
    assert.deepEqual([entry.kind, entry.status, entry.rust], ['field', 'none', []]);
    assert.include(entry.note, 'kernel::acme::Driver has no counterpart of shutdown');
    assert.equal(catalogue.lookup('acme_ops.stop').status, 'none');
    assert.equal(catalogue.lookup('acme_ops.poll').status, 'none');
    assert.deepEqual(catalogue.lookup('lone_ops.go'), { name: 'lone_ops.go', kind: 'field', status: 'none', rust: [], note: '' });
  });
});
