import { encodeRawNames, type RawKind } from '../raw-names';
import type { Forward, HeaderFacts } from './header';
import type { HelperFact } from './helpers';
import { sameJob } from './jobs';

/** What the headers of a tree say together. */
export interface HeaderIndex {
  /** Callback fields by structure. */
  callbacks: ReadonlyMap<string, string[]>;
  /** What a name is in C; missing if no header that is reached defines it. */
  kinds: ReadonlyMap<string, 'function' | 'macro' | 'type'>;
  /** Names that bindgen binds (raw-names.ts). */
  raw: string;
  types: ReadonlySet<string>;
  constants: ReadonlySet<string>;
  /** Short macros, inline functions and typedefs, the first of each name: what may only pass on. */
  forwards: readonly Forward[];
  /** Of these, what does the same job as one of its callees by its name, and those callees. */
  sameJobs: ReadonlyMap<string, readonly string[]>;
}

const made = new WeakMap<readonly HeaderFacts[], HeaderIndex>();

/** Indexes the headers; the same array gives the same index again, since Rust files change more often than headers. */
export function indexHeaders(headers: readonly HeaderFacts[], helpers: readonly HelperFact[]): HeaderIndex {
  let index = made.get(headers);
  if (!index) made.set(headers, (index = build(headers, helpers)));
  return index;
}

function build(headers: readonly HeaderFacts[], helpers: readonly HelperFact[]): HeaderIndex {
  const kinds = new Map<string, 'function' | 'macro' | 'type'>();
  const raw: [string, RawKind][] = [];
  const forwards = new Map<string, Forward>();
  const bound = (name: string): string => (name.startsWith(CONSTANT_HELPER) ? name.slice(CONSTANT_HELPER.length) : name);
  for (const header of headers) for (const name of header.opaque) kinds.set(name, 'type');
  for (const header of headers) {
    for (const name of header.types) kinds.set(name, 'type');
    for (const name of header.constants) kinds.set(name, 'macro');
    for (const name of header.functions) kinds.set(name, 'function');
    for (const forward of header.forwards) {
      kinds.set(forward.name, forward.kind === 'macro' ? 'macro' : forward.kind === 'typedef' ? 'type' : 'function');
      const short = forward.size <= 4 && forward.calls.length > 0 && forward.calls.length <= 4;
      if (short && !forwards.has(forward.name)) forwards.set(forward.name, forward);
    }
    for (const name of header.constants) raw.push([bound(name), 'c']);
    for (const name of header.types) raw.push([bound(name), 't']);
    for (const name of header.opaque) raw.push([name, 't']);
    for (const name of header.variables) raw.push([bound(name), 'v']);
    for (const name of header.functions) raw.push([bound(name), 'f']);
  }
  for (const helper of helpers) raw.push([helper.name, 'h']);
  const named = raw.filter(([name]) => !KEYWORDS.has(name));
  return {
    callbacks: new Map(headers.flatMap((header) => Object.entries(header.callbacks))),
    kinds,
    raw: encodeRawNames(named),
    types: new Set(headers.flatMap((header) => header.types)),
    constants: new Set(headers.flatMap((header) => header.constants)),
    forwards: [...forwards.values()],
    sameJobs: new Map(
      [...forwards.values()]
        .map(({ name, calls }) => [name, calls.filter((call) => sameJob(name, call))] as const)
        .filter(([, calls]) => calls.length > 0),
    ),
  };
}

/** Words of the language that a scan of odd declarations takes for names. */
const KEYWORDS = new Set(
  'if else for while do switch case return int void char long short unsigned signed float double const static inline struct union enum typedef sizeof typeof bool extern volatile true false'.split(
    ' ',
  ),
);

/** bindings_helper.h wraps constants that bindgen cannot read in variables of this prefix. */
const CONSTANT_HELPER = 'RUST_CONST_HELPER_';
