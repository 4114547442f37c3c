import { derivedFailures, kernelApis } from '../rules/api';
import { BOUNDING } from '../rules/api/bounds';
import type { Api } from '../rules/api/model';
import { remembered } from '../remembered';
import { Trait, traitsOf } from './call-traits';

/** What the name of a function says of how a call of it is lowered: bits. */
export const enum Form {
  /** It takes variables by their names, and writes them. */
  writes = 1,
  /** It does not evaluate its first argument. */
  unevaluated = 2,
  /** A macro, by its name, of which nothing is known. */
  capitals = 4,
  /** It is there for sparse alone. Source: include/linux/compiler_types.h. */
  annotation = 8,
  /** It prints. */
  prints = 16,
  /** It gives back what it is handed. */
  transparent = 32,
  /** Of `transparent`: and takes it out of the variable. */
  moves = 64,
  /** An assignment that is written as a call. */
  stores = 128,
  /** Its result is as small as one of its arguments. */
  bounds = 256,
  /** PTR_ERR and its relatives. */
  converts = 512,
  /** It does not come back. */
  leaves = 1024,
  /** With a type among its arguments it only computes. */
  pureWithType = 2048,
}

/** All that a function's name says, so that a call asks for it once. */
export interface Callee {
  name: string;
  /** Bits of `Form`. */
  form: number;
  /** Bits of `Trait`. */
  traits: number;
  /** What the kernel's function of this name does; undefined if nothing is known. */
  api: Api | undefined;
  /** How its result says that it failed, if that is known. */
  fails: Api['fails'];
}

/** Macros that give back what they are handed. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  'likely',
  'unlikely',
  'READ_ONCE',
  'rcu_dereference',
  'rcu_dereference_protected',
  'rcu_access_pointer',
  '__force',
  'no_free_ptr',
  'return_ptr',
]);

/** Assignments that are written as calls: `rcu_assign_pointer(p->x, y)`, `smp_store_release(&p->x, y)`. */
const STORES: ReadonlySet<string> = new Set(['rcu_assign_pointer', 'RCU_INIT_POINTER', 'WRITE_ONCE', 'smp_store_release']);

const CONVERSIONS: ReadonlySet<string> = new Set(['PTR_ERR', 'ERR_CAST', 'ERR_PTR', 'PTR_ERR_OR_ZERO']);

/** Macros with a type that only compute. */
const PURE_WITH_TYPE = /container_of|_entry|^(?:min|max|clamp)_|alloc|^va_arg|offset|cast|^to_/i;

/** Macros that take a place for its type or size only: `kzalloc_obj(*p)`, `struct_size(p, items, n)`. */
const UNEVALUATED =
  /^(?:struct_size|flex_array_size|sizeof_field|\w+_struct_size|typeof|__typeof__|typeof_member|type_m(?:ax|in)|is_signed_type|overflows_type|struct_size_t|array_size|offsetof|ARRAY_SIZE|sizeof|DEFINE_\w+|DECLARE_\w+|list_prepare_entry|get_user|__get_user|min_t|max_t)$/;

const isUnevaluated = (name: string): boolean =>
  name.endsWith('alloc_obj') || name.endsWith('alloc_objs') || name.endsWith('alloc_flex') || UNEVALUATED.test(name);

/** Wrappers for profiling and tagging: `kmalloc_noprof` is `kmalloc`. */
const withoutPrefix = (name: string): string => (name.endsWith('_noprof') ? name.slice(0, -7) : name);

const LEAVES = /^return_|^(?:[A-Z]+_)*(?:RET|RETURN|EXIT|GOTO|BAIL|ABORT)(?:_[A-Z]+)*$/;

/** What is known of a function or macro by its name. */
export const calleeOf = remembered((name): Callee => {
  const traits = traitsOf(name);
  const own = kernelApis().get(name);
  const api = own ?? kernelApis().get(withoutPrefix(name));
  let form = 0;
  if (name === 'swap' || /_(?:foreach|find)$/.test(name) || name.includes('poll_timeout')) form |= Form.writes;
  if (isUnevaluated(name)) form |= Form.unevaluated;
  if (!own && /^[A-Z0-9_]+$|_type$/.test(name) && !/WARN|BUG|ERR_/.test(name)) form |= Form.capitals;
  if (/^__(?:acquire|release)(?:_shared)?$/.test(name)) form |= Form.annotation;
  if ((traits & (Trait.looksOnly | Trait.prints)) === (Trait.looksOnly | Trait.prints)) form |= Form.prints;
  if (TRANSPARENT.has(name)) form |= name.endsWith('_ptr') ? Form.transparent | Form.moves : Form.transparent;
  if (STORES.has(name)) form |= Form.stores;
  if (BOUNDING.has(name)) form |= Form.bounds;
  if (CONVERSIONS.has(name)) form |= Form.converts;
  if (api?.noreturn || LEAVES.test(name)) form |= Form.leaves;
  if (own || PURE_WITH_TYPE.test(name)) form |= Form.pureWithType;
  return { name, form, traits, api, fails: api ? api.fails : derivedFailures().get(name) };
});
