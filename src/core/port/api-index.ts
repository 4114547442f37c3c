import type { HeaderFacts } from '../catalogue';

/**
 * Which names the kernel's own headers (include/) declare, and where: what tells a driver's use of the kernel from its own names. Plain
 * data, so that it can be cached.
 */
export interface ApiIndexData {
  /** Paths as a driver includes them: `linux/gpio/driver.h`. */
  headers: string[];
  /** The headers that each header includes, as numbers. */
  includes: number[][];
  /** Names of each header, separated by spaces. */
  names: string[];
  /** Of these, macros and inline functions: their text is all there is to them. */
  helpers: string[];
}

/** Look-ups in an index. */
export interface ApiIndex {
  /** The header that declares a name (of a field `gpio_chip.get`, the header of the structure); undefined if none does. */
  headerOf(name: string): string | undefined;
  /** Whether the name is a macro or inline function, and nothing else: a driver in Rust can have its few lines itself. */
  isHelper(name: string): boolean;
  /** Whether `header` includes `other`, at first or second hand. */
  includes(header: string, other: string): boolean;
}

/** `struct regmap;` at the start of a line: what drivers only hold pointers to. */
const OPAQUE = /^(?:struct|union|enum)\s+(\w+)\s*;/gm;

/** Collects headers one by one. */
export class ApiIndexBuilder {
  private readonly headers: { path: string; names: string[]; whole: string[]; includes: string[] }[] = [];
  private readonly opaque: { path: string; names: string[] }[] = [];

  /** @param path relative to include/, or to include/uapi */
  add(path: string, text: string, facts: HeaderFacts): void {
    const { functions, types, variables, constants, forwards } = facts;
    const names = [...functions, ...types, ...variables, ...constants, ...forwards.map(({ name }) => name)];
    this.headers.push({ path, names, whole: [...functions, ...types, ...variables], includes: facts.includes });
    this.opaque.push({ path, names: [...text.matchAll(OPAQUE)].map((match) => match[1]!) });
  }

  /** The index; a name that several headers have belongs to the one that is most its own. */
  finish(): ApiIndexData {
    const headers = this.headers.map(({ path }) => path).sort();
    const numbers = new Map(headers.map((path, i) => [path, i]));
    const owner = new Map<string, string>();
    const best = new Map<string, number>();
    const claim = (name: string, path: string, bonus: number): void => {
      const value = claims(path, name) + bonus;
      if (value <= (best.get(name) ?? -Infinity)) return;
      owner.set(name, path);
      best.set(name, value);
    };
    for (const { path, names } of this.headers) for (const name of names) claim(name, path, DEFINES);
    const whole = new Set(this.headers.flatMap(({ whole: names }) => names));
    for (const { path, names } of this.opaque) for (const name of names) claim(name, path, 0);
    const names: string[][] = headers.map(() => []);
    for (const [name, path] of owner) names[numbers.get(path)!]!.push(name);
    const includes = headers.map(() => [] as number[]);
    for (const header of this.headers)
      includes[numbers.get(header.path)!] = header.includes.flatMap((path) => numbers.get(path) ?? []);
    const opaque = new Set(this.opaque.flatMap(({ names: list }) => list));
    return {
      headers,
      includes,
      names: names.map((list) => list.sort().join(' ')),
      helpers: names.map((list) => list.filter((name) => !whole.has(name) && !opaque.has(name)).join(' ')),
    };
  }
}

/** What a definition counts more than a mere announcement: `struct clk;` in linux/clk.h is more than the `struct clk {…}` of one architecture. */
const DEFINES = 1.5;

/**
 * How well a name fits a header: stubs for a configuration without the subsystem stand in the same header, others' copies and forward
 * declarations in headers of another name.
 */
function claims(path: string, name: string): number {
  const lower = name.toLowerCase();
  const words = path
    .replace(/\.h$/, '')
    .split(/[-_/]/)
    .filter((word) => word !== 'linux');
  const fit = words.filter((word) => word.length > 1 && lower.includes(word)).length / words.length;
  return 4 * fit + (path.startsWith('linux/') ? 1 : 0) - path.split('/').length / 10;
}

/** `gpio_chip.get` → `gpio_chip`, `MODULE_DEVICE_TABLE(of)` → `MODULE_DEVICE_TABLE`; undefined for a name that is bare. */
function bareName(name: string): string | undefined {
  const end = name.search(/[.(]/);
  return end < 0 ? undefined : name.slice(0, end);
}

/** Opens an index. */
export function openApiIndex(data: ApiIndexData): ApiIndex {
  const owner = new Map<string, number>();
  data.names.forEach((names, header) => {
    if (names !== '') for (const name of names.split(' ')) owner.set(name, header);
  });
  const helpers = new Set(data.helpers.flatMap((names) => (names === '' ? [] : names.split(' '))));
  const numbers = new Map(data.headers.map((path, i) => [path, i]));
  const reached = new Map<number, ReadonlySet<number>>();
  const reach = (header: number): ReadonlySet<number> => {
    let known = reached.get(header);
    if (!known) {
      const direct = data.includes[header]!;
      reached.set(header, (known = new Set([...direct, ...direct.flatMap((one) => data.includes[one]!)])));
    }
    return known;
  };
  return {
    headerOf: (name) => {
      let header = owner.get(name);
      if (header === undefined) {
        const bare = bareName(name);
        if (bare !== undefined) header = owner.get(bare);
      }
      return header === undefined ? undefined : data.headers[header];
    },
    isHelper: (name) => helpers.has(name),
    includes: (header, other) => {
      const from = numbers.get(header);
      const to = numbers.get(other);
      return from !== undefined && to !== undefined && reach(from).has(to);
    },
  };
}
