import { assert } from 'chai';
import { scanHeader } from '../../../src/core/catalogue/c/header';
import { scanHelpers } from '../../../src/core/catalogue/c/helpers';
import { encodeRawNames, rawKind } from '../../../src/core/catalogue/raw-names';
import { LIB, offered, openMini } from './mini-tree';

describe('catalogue: C headers', () => {
  const facts = scanHeader(
    'include/linux/acme.h',
    `#ifndef _LINUX_ACME_H
#define _LINUX_ACME_H
#include <linux/types.h>
#define ACME_MAX	32 /* not 64 */
#define ACME_FLAG(n)	(1 << (n))
#define ACME_CAST	((gfp_t)4)
#define acme_alloc(n) \\
	acme_alloc_attrs(n, 0)
enum acme_state { ACME_UP, ACME_DOWN = 4, };
struct acme_device { int id; void (*done)(struct acme_device *, int); };
struct acme_opaque;
typedef struct acme_head acme_head_t;
typedef int (*acme_fn_t)(void *);
extern int acme_level;
extern struct acme_device *acme_find(const char *name, int (*match)(void *)) __must_check;
void __printf(2, 3) acme_log(int level, const char *fmt, ...);
static inline int acme_up(struct acme_device *d)
{
	return acme_set(d, ACME_UP);
}
int acme_set(struct acme_device *d, enum acme_state s);
#endif
`,
  );
  it('has what bindgen binds', () => {
    assert.deepEqual(facts.includes, ['linux/types.h']);
    assert.sameMembers(facts.functions, ['acme_find', 'acme_log', 'acme_set']);
    assert.includeMembers(facts.types, ['acme_state', 'acme_device', 'acme_head_t', 'acme_fn_t']);
    assert.deepEqual(facts.variables, ['acme_level']);
    assert.sameMembers(facts.constants, ['ACME_MAX', 'ACME_UP', 'ACME_DOWN']);
    assert.deepEqual(facts.callbacks, { acme_device: ['done'] });
  });
  it('has types whose declarations carry attributes, macros for keywords, or no body', () => {
    const { types, opaque, functions, variables, callbacks } = scanHeader(
      'include/linux/acme_types.h',
      `typedef __u16 __bitwise __acme16;
typedef u64 acme_aligned __aligned(8);
typedef void (acme_end_t)(struct acme *a);
acme_lock_struct(acme_lock) {
	int owner;
	struct acme_waiter *first;
	void (*wake)(int n);
};
acme_lock_struct(acme_other);
struct acme_map;
ACME_EXTERNAL(int ACME_INIT
	      acme_evaluate(void *handle, int (*walk)(int)))
ACME_EXTERNAL(int acme_install(void))
extern ACME_DECLARE(acme_features);
`,
    );
    assert.sameMembers(types, ['__acme16', 'acme_aligned', 'acme_end_t', 'acme_lock']);
    assert.includeMembers(opaque, ['acme_waiter', 'acme_map']);
    assert.deepEqual(callbacks, { acme_lock: ['wake'] });
    assert.includeMembers(functions, ['acme_evaluate', 'acme_install']);
    assert.include(variables, 'acme_features');
  });
  it('has what macros and inline functions call', () => {
    const calls = Object.fromEntries(facts.forwards.map((forward) => [forward.name, forward.calls]));
    assert.deepEqual(calls.acme_alloc, ['acme_alloc_attrs']);
    assert.deepEqual(calls.acme_up, ['acme_set']);
    assert.deepEqual(calls.acme_head_t, ['acme_head']);
  });
  it('has what follows an invocation of a macro that no semicolon ends', () => {
    const text =
      'DEFINE_FREE(put_acme, struct acme *, if (_T) acme_put(_T))\n\nstatic inline int acme_add(int n)\n{\n\treturn acme_add_to(n, 0);\n}\nACME_NS(x) int acme_far(void);\n';
    const found = scanHeader('include/linux/acme.h', text);
    assert.deepEqual(
      found.forwards.map(({ name, calls }) => [name, calls]),
      [['acme_add', ['acme_add_to']]],
    );
    assert.deepEqual(found.functions, ['acme_far']);
  });
  it('survives broken C', () => {
    for (const text of ['struct {', 'static inline int f(', '#define', 'typedef', 'enum { A, ', '/* open', '"open', '}}}};'])
      scanHeader('x.h', text);
  });
});

describe('catalogue: helpers and forwards', () => {
  it('a helper says what it wraps', () => {
    assert.deepEqual(
      scanHelpers(
        '__rust_helper void rust_helper_mutex_lock(struct mutex *l)\n{\n\tmutex_lock(l);\n}\nint rust_helper_is_held(void *l)\n{\n\treturn lockdep_is_held(l);\n}\n',
      ),
      [
        { name: 'mutex_lock', calls: ['mutex_lock'] },
        { name: 'is_held', calls: ['lockdep_is_held'] },
      ],
    );
  });
  it('C names that only pass on get what their callee has; longer names do not', async () => {
    const catalogue = await openMini({
      [LIB]: 'pub mod acme;\n',
      'rust/kernel/acme.rs':
        'pub struct Queue;\nimpl Queue { pub fn enqueue(&self) { unsafe { bindings::acme_queue_on(0) } } pub fn put_u32(&self) { unsafe { bindings::acme_put(4) } } }\n',
      'include/linux/acme.h':
        'int acme_queue_on(int cpu);\nint acme_put(int n);\n#define acme_queue(q) acme_queue_on(q)\n#define acme_queue_killable(q) acme_queue_on(q)\nstatic inline int acme_put_u32(int n) { return acme_put(n); }\nstatic inline int acme_put_mac(int n) { return acme_put(n); }\n',
      'rust/helpers/acme.c': 'void rust_helper_acme_queue_on(int cpu) { acme_queue_on(cpu); }\n',
    });
    assert.deepEqual(offered(catalogue, 'acme_queue'), ['kernel::acme::Queue::enqueue']);
    assert.include(catalogue.lookup('acme_queue').note, 'acme_queue_on');
    assert.deepEqual(offered(catalogue, 'acme_queue_killable'), []);
    assert.equal(offered(catalogue, 'acme_put_u32')[0], 'kernel::acme::Queue::put_u32');
    assert.deepEqual(offered(catalogue, 'acme_put_mac'), []);
  });
  it('a variant of the name counts, with a word of warning, and what alone is called', async () => {
    const catalogue = await openMini({
      [LIB]: 'pub mod acme;\n',
      'rust/kernel/acme.rs':
        'pub struct Phy;\nimpl Phy {\n    pub fn start(&self) { unsafe { bindings::_acme_start(0) } }\n    pub fn map(&self) { unsafe { bindings::acme_map_locked(0) } }\n    pub fn rate(&self) { unsafe { bindings::acme_rate_indexed(0) } }\n    pub fn add_dynamic(&self) { unsafe { bindings::acme_add_dynamic(0) } }\n    pub fn id(&self) { unsafe { bindings::acme_id(0) } }\n}\n',
      'include/linux/acme.h':
        'int _acme_start(int p);\nint acme_start(int p);\nint acme_map_locked(int p);\nint acme_map(int p);\nint acme_rate_indexed(int p);\nint acme_rate(int p);\nint acme_add_dynamic(int *p);\nstatic inline int acme_add(int p) { int data[] = { p }; return acme_add_dynamic(data); }\n#define ACME_ID(bus, n) ((bus) | (n))\n',
      'rust/helpers/acme.c': 'int rust_helper_acme_id(struct acme *a) { return ACME_ID(a->bus, a->n); }\n',
    });
    const told = (name: string) => [catalogue.lookup(name).status, ...offered(catalogue, name)];
    assert.deepEqual(told('acme_start'), ['partial', 'kernel::acme::Phy::start']);
    assert.include(catalogue.lookup('acme_start').note, '_acme_start');
    assert.deepEqual(told('acme_map'), ['partial', 'kernel::acme::Phy::map']);
    assert.deepEqual(told('acme_rate'), ['safe', 'kernel::acme::Phy::rate']);
    assert.deepEqual(told('acme_add'), ['safe', 'kernel::acme::Phy::add_dynamic']);
    assert.deepEqual(told('ACME_ID'), ['none'], 'what a helper does with the members of its argument is not its job');
  });
  it('same-named items count, but for the function of a module with another name in C', async () => {
    const catalogue = await openMini({
      [LIB]: 'pub mod rcu;\npub mod delay;\n#[macro_export]\nmacro_rules! acme_info { () => {} }\n',
      'rust/kernel/rcu.rs': 'pub fn read_lock() {}\n',
      'rust/kernel/delay.rs': 'pub fn acme_sleep() {}\npub struct S;\nimpl S { pub fn complete_it(&self) {} }\n',
      'include/linux/acme.h':
        '#define acme_info(x) printk(x)\nvoid acme_sleep(int n);\nvoid rcu_read_lock(void);\nvoid read_lock(void *l);\nvoid complete_it(void);\n',
    });
    assert.deepEqual(offered(catalogue, 'acme_info'), ['kernel::acme_info']);
    assert.deepEqual(offered(catalogue, 'acme_sleep'), ['kernel::delay::acme_sleep']);
    assert.deepEqual(offered(catalogue, 'read_lock'), []);
    assert.deepEqual(offered(catalogue, 'complete_it'), []);
    const flags = await openMini({
      [LIB]: 'pub mod flags;\n',
      'rust/kernel/flags.rs': 'pub const READING: u32 = bindings::ACME_READING;\n',
      'include/linux/acme.h': '#define READING 0\n#define ACME_READING 1\n',
    });
    assert.deepEqual(offered(flags, 'ACME_READING'), ['kernel::flags::READING']);
    assert.deepEqual(offered(flags, 'READING'), [], 'it is called so, and is another');
  });
});

describe('catalogue: a tree that was built', () => {
  it('has just the names that bindgen bound', async () => {
    const catalogue = await openMini({
      [LIB]: '',
      'include/linux/acme.h': 'void acme_gone(void);\nvoid acme_there(void);\n',
      'rust/bindings/bindings_generated.rs':
        'unsafe extern "C" {\n    pub fn acme_there();\n    pub static mut acme_level: ffi::c_int;\n}\npub const acme_state_ACME_UP: acme_state = 0;\npub type acme_state = ffi::c_uint;\npub struct acme_device { _x: u8 }\nimpl acme_device {\n    pub fn ready(&self) -> u8 {}\n    pub unsafe fn set_ready_raw(this: *mut Self) {}\n}\n',
      'rust/bindings/bindings_helpers_generated.rs':
        'unsafe extern "C" {\n    #[link_name = "rust_helper_acme_inline"]\n    pub fn acme_inline();\n}\n',
    });
    const states = ['acme_there', 'acme_gone', 'acme_level', 'ACME_UP', 'acme_device', 'acme_inline'].map(
      (name) => catalogue.lookup(name).status,
    );
    assert.deepEqual(states, ['raw', 'none', 'raw', 'raw', 'raw', 'raw']);
    assert.equal(catalogue.lookup('ready').status, 'none', 'accessors of bit fields are no names of C');
    assert.equal(catalogue.lookup('set_ready_raw').status, 'none');
  });
});

describe('catalogue: bound names', () => {
  const names = encodeRawNames([
    ['zebra', 'f'],
    ['a', 'c'],
    ['mutex', 't'],
    ['mutex_lock', 'h'],
  ] as const);
  it('are found by a search in the text', () => {
    assert.deepEqual(
      ['a', 'mutex', 'mutex_lock', 'zebra', 'mutex_', '', 'zz', '0'].map((name) => rawKind(names, name)),
      ['c', 't', 'h', 'f', undefined, undefined, undefined, undefined],
    );
  });
  it('are told apart by version in the shared list', () => {
    assert.equal(rawKind('new:f8\nold:f3', 'new', 8), 'f');
    assert.isUndefined(rawKind('new:f8\nold:f3', 'old', 8));
    assert.equal(rawKind('new:f8\nold:f3', 'old', 2), 'f');
  });
});
