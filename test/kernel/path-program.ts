import type { RustItem } from '../../src/core/catalogue';

/** A Rust program that names items, and which of its lines (from zero) names which path. */
export interface PathProgram {
  text: string;
  paths: Map<number, string>;
}

/** Crates that a driver reaches through `kernel`. */
const named = (path: string): string => (path.startsWith('macros::') ? `kernel::${path}` : path);

/** What the catalogue's paths of core stand for: methods of primitive types are documented at their module. */
function libraryPath(path: string): string {
  const [, module, name = ''] = /^core::(num|slice|str|ptr)::(\w+)$/.exec(path) ?? [];
  if (module === 'slice') return `<[u8]>::${name}`;
  if (module === 'str' && /^[a-z]/.test(name)) return `str::${name}`;
  if (module === 'ptr' && name.startsWith('is_')) return `<*const u8>::${name}`;
  if (module === 'num') return `${name.includes('ascii') ? 'u8' : name.endsWith('abs') ? 'i32' : 'u32'}::${name}`;
  return path;
}

const TYPES = new Set<RustItem['kind']>(['struct', 'enum', 'union', 'type']);

/**
 * Programs in which each path stands where only an item of its kind can: as a `use`, or as an expression or associated type.
 * They are two, because rustc looks at expressions only if it knows all names.
 * @param kinds kind of every item by path
 */
export function pathPrograms(paths: Iterable<string>, kinds: ReadonlyMap<string, RustItem['kind']>): PathProgram[] {
  const start = '#![allow(warnings)]\n';
  const uses: PathProgram = { text: start, paths: new Map() };
  const members: PathProgram = { text: start, paths: new Map() };
  let line = 0;
  const add = (program: PathProgram, path: string, text: string): void => {
    program.paths.set(program.text.split('\n').length - 1, path);
    program.text += `${text}\n`;
  };
  for (const path of paths) {
    const id = `i${line++}`;
    const library = libraryPath(path);
    const owner = path.slice(0, path.lastIndexOf('::'));
    const kind = kinds.get(path);
    const inType = TYPES.has(kinds.get(owner)!) && kind !== 'variant';
    if (kinds.get(owner) === 'trait' && kind === 'type')
      add(members, path, `fn ${id}<T: ${owner}>() { let _: <T as ${owner}>::${path.slice(owner.length + 2)}; }`);
    else if (inType || kinds.get(owner) === 'trait' || library !== path || isLibraryMember(path))
      add(members, path, `fn ${id}() { let _ = ${library}; }`);
    else add(uses, path, `use ${named(path)} as ${id};`);
  }
  return [uses, members];
}

/** A member of a type or trait of core. */
const isLibraryMember = (path: string): boolean => /^(?:core|alloc)::.*::[A-Z]\w*::[a-z]\w*$/.test(path);
