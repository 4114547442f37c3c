import type { CuratedEntry } from './model';

const ATOMIC = 'Atomic<T> with the ordering as an argument: Relaxed, Acquire, Release, Full';
const A = 'kernel::sync::atomic::Atomic';
const SHARED = 'shared ownership counts by itself';

/** Atomics, barriers and reference counts. */
export const atomics: readonly CuratedEntry[] = [
  { names: ['atomic_t', 'atomic64_t', 'atomic_long_t', 'ATOMIC_INIT', 'ATOMIC64_INIT', 'ATOMIC_LONG_INIT'], rust: [A, `${A}::new`], note: 'Atomic<i32>, Atomic<i64>, Atomic<isize>; also pointers and bool.', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_read(?:_acquire)?$/, rust: [`${A}::load`, A], note: 'load(Relaxed), or load(Acquire).', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_set(?:_release)?$/, rust: [`${A}::store`, A], note: 'store(v, Relaxed), or store(v, Release).', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_(?:inc|add)$/, rust: [`${A}::add`, `${A}::fetch_add`, A], nearest: ['kernel::sync::Refcount@7.2', 'kernel::sync::Arc@6.12'], note: 'add(v, Relaxed). For a reference count take Refcount or Arc.', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_(?:dec|sub)$/, rust: [`${A}::fetch_sub@7.2`, `${A}::add`, A], nearest: ['kernel::sync::Refcount@7.2', 'kernel::sync::Arc@6.12'], note: 'fetch_sub(v, Relaxed), or add(-v, Relaxed).', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_(?:inc|add)_return(?:_\w+)?$|^atomic(?:64|_long)?_fetch_(?:add|inc)(?:_\w+)?$/, rust: [`${A}::fetch_add`, A], note: 'fetch_add gives the old value; add one for the new one.', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_(?:dec|sub)_return(?:_\w+)?$|^atomic(?:64|_long)?_fetch_(?:sub|dec)(?:_\w+)?$/, rust: [`${A}::fetch_sub@7.2`, `${A}::fetch_add`], note: 'fetch_sub gives the old value.', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_(?:dec|sub|inc)_and_test$/, rust: [`${A}::fetch_sub@7.2`, `${A}::fetch_add`], nearest: ['kernel::sync::Refcount@7.2', 'kernel::sync::Arc@6.12'], note: 'fetch_sub(1, Full) == 1. For a reference count take Refcount or Arc.', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_(?:try_)?cmpxchg(?:_\w+)?$/, rust: [`${A}::cmpxchg`, A], note: 'cmpxchg(old, new, Full) gives a Result.', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_xchg(?:_\w+)?$/, rust: [`${A}::xchg`, A], note: '', reason: ATOMIC },
  { pattern: /^atomic(?:64|_long)?_(?:fetch_)?(?:and|or|xor|andnot|add_unless|inc_not_zero|add_negative|dec_if_positive|inc_unless_negative|dec_and_lock|add_unless|dec_unless_positive|inc_not_zero_hint)(?:_\w+)?$/, rust: [], nearest: [`${A}::cmpxchg`], note: 'Atomic has load, store, xchg, cmpxchg, add and fetch_sub only; this is a loop over cmpxchg.', reason: '' },
  { names: ['cmpxchg', 'try_cmpxchg', 'cmpxchg64', 'cmpxchg_relaxed', 'cmpxchg_acquire', 'cmpxchg_release'], rust: [`${A}::cmpxchg`, A], note: 'On an Atomic<T>, not on any memory.', reason: ATOMIC },
  { names: ['xchg', 'xchg_relaxed', 'xchg_acquire', 'xchg_release'], rust: [`${A}::xchg`, A], note: 'On an Atomic<T>, not on any memory.', reason: ATOMIC },
  { names: ['READ_ONCE'], rust: [`${A}::load`, 'core::ptr::read_volatile'], note: 'load(Relaxed) of an Atomic<T>; plain memory cannot be shared without a lock or an atomic.', reason: ATOMIC },
  { names: ['WRITE_ONCE'], rust: [`${A}::store`, 'core::ptr::write_volatile'], note: 'store(v, Relaxed) of an Atomic<T>; plain memory cannot be shared without a lock or an atomic.', reason: ATOMIC },
  { names: ['smp_load_acquire'], rust: [`${A}::load`], note: 'load(Acquire) of an Atomic<T>.', reason: ATOMIC },
  { names: ['smp_store_release'], rust: [`${A}::store`], note: 'store(v, Release) of an Atomic<T>.', reason: ATOMIC },
  { names: ['smp_store_mb'], rust: [`${A}::store`, 'kernel::sync::barrier::smp_mb'], note: '', reason: ATOMIC },
  { names: ['barrier'], rust: ['core::sync::atomic::compiler_fence'], note: 'Marked for kernel use only inside kernel::sync::barrier.', partial: true, reason: 'keeps the compiler from moving accesses' },
  { names: ['smp_mb__before_atomic', 'smp_mb__after_atomic', 'smp_mb__after_spinlock', 'smp_mb__after_unlock_lock'], rust: ['kernel::sync::barrier::smp_mb'], partial: true, note: 'An operation with Full ordering needs no barrier beside it.', reason: 'a full barrier is at least as strong' },
  { names: ['smp_rmb'], rust: ['kernel::sync::barrier::smp_mb', 'kernel::sync::barrier::Read@7.3'], note: 'smp_mb(Read).', relation: 'wraps', reason: 'calls bindings::smp_rmb for Read' },
  { names: ['smp_wmb'], rust: ['kernel::sync::barrier::smp_mb', 'kernel::sync::barrier::Write@7.3'], note: 'smp_mb(Write).', relation: 'wraps', reason: 'calls bindings::smp_wmb for Write' },
  { names: ['rmb'], rust: ['kernel::sync::barrier::mb@7.3', 'kernel::sync::barrier::Read@7.3'], from: '7.3', note: 'mb(Read).', relation: 'wraps', reason: 'calls bindings::rmb for Read' },
  { names: ['wmb'], rust: ['kernel::sync::barrier::mb@7.3', 'kernel::sync::barrier::Write@7.3'], from: '7.3', note: 'mb(Write).', relation: 'wraps', reason: 'calls bindings::wmb for Write' },
  { names: ['dma_rmb'], rust: ['kernel::sync::barrier::dma_mb@7.3', 'kernel::sync::barrier::Read@7.3'], from: '7.3', note: 'dma_mb(Read).', relation: 'wraps', reason: 'calls bindings::dma_rmb for Read' },
  { names: ['dma_wmb'], rust: ['kernel::sync::barrier::dma_mb@7.3', 'kernel::sync::barrier::Write@7.3'], from: '7.3', note: 'dma_mb(Write).', relation: 'wraps', reason: 'calls bindings::dma_wmb for Write' },
  { names: ['kref'], rust: ['kernel::sync::Arc@6.12'], note: 'Arc<T> counts and frees; a release function becomes Drop.', reason: SHARED },
  { names: ['kref_init'], rust: ['kernel::sync::Arc::new@6.12', 'kernel::sync::Arc@6.12', 'kernel::sync::UniqueArc@6.12'], note: '', reason: SHARED },
  { names: ['kref_get'], rust: ['kernel::sync::Arc@6.12', 'core::clone::Clone::clone'], note: 'Cloning the Arc.', reason: SHARED },
  { names: ['kref_put'], rust: ['kernel::sync::Arc@6.12', 'core::ops::Drop::drop', 'kernel::sync::Arc::into_unique_or_drop@6.12'], note: 'Dropping the Arc; the last one drops the value.', reason: SHARED },
  { names: ['kref_put_mutex', 'kref_put_lock', 'kref_get_unless_zero', 'kref_read'], rust: [], nearest: ['kernel::sync::Arc@6.12'], note: 'Arc has no weak references and does not tell its count.', reason: '' },
  { names: ['refcount_inc_not_zero', 'refcount_read', 'refcount_add', 'refcount_sub_and_test', 'refcount_dec_and_lock', 'refcount_dec_and_mutex_lock', 'refcount_add_not_zero', 'refcount_dec_if_one', 'refcount_dec_not_one', 'refcount_dec_and_lock_irqsave'], rust: [], nearest: ['kernel::sync::Refcount@7.2', 'kernel::sync::Arc@6.12'], note: 'Refcount has new, set, inc, dec and dec_and_test.', reason: '' },
  { names: ['REFCOUNT_INIT'], rust: ['kernel::sync::Refcount::new@7.2'], note: '', reason: 'makes a count' },
];
