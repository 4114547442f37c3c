import { indexRustFile, type Catalogue, type TreeReader } from '../catalogue';
import type { ItemFact, RustFile } from '../catalogue/facts';
import type { Syntax } from '../syntax';
import shipped from './trait-snapshots.json';
import type { DeviceContext, KernelApi, TableParameter, TraitFacts, TraitMember } from './kernel-api';
import { tableMacros } from './table-macros';
import { ownKeys } from '../own-keys';

/** What src/core/rewrite knows of a kernel's traits, as plain data. */
export interface TraitTable {
  traits: Record<string, TraitFacts>;
  contexts: Record<string, DeviceContext>;
  /** What the macros for id tables take: `of_device_table`. */
  macros: Record<string, TableParameter[]>;
  /** Types that have `AsRef<Device>`. */
  devices: string[];
  /** Names of statics that module macros define. */
  reserved: string[];
}

const NO_TRAITS: TraitTable = { traits: {}, contexts: {}, macros: {}, devices: [], reserved: [] };

/** A kernel as candidates ask for it. */
export function openKernelApi(catalogue: Catalogue, table: TraitTable = NO_TRAITS): KernelApi {
  for (const names of [table.traits, table.contexts, table.macros]) ownKeys(names);
  let signatures: Map<string, string> | undefined;
  return {
    catalogue,
    reserved: table.reserved,
    hasDevice: (path) => path === 'kernel::device::Device' || table.devices.includes(path),
    tableMacro: (name) => table.macros[name],
    signatureOf: (path) => {
      signatures ??= new Map(catalogue.items().flatMap((item) => (item.signature === null ? [] : [[item.path, item.signature]])));
      return signatures.get(path);
    },
    traitOf: (path) => table.traits[path],
    contextOf: (path) => table.contexts[path] ?? 'Normal',
  };
}

/** The traits of a kernel that ships as a snapshot; undefined if there are none for this version. */
export function shippedTraits(version: string): TraitTable | undefined {
  const release = (text: string): string => text.split('.').slice(0, 2).join('.');
  return (shipped as Record<string, TraitTable>)[release(version)];
}

/** Reads the traits of a kernel tree. */
export async function readTraits(reader: TreeReader, syntax: Syntax, catalogue: Catalogue): Promise<TraitTable> {
  const table: TraitTable = { traits: {}, contexts: {}, macros: {}, devices: [], reserved: [] };
  const macros = new Map<string, string>();
  const visit = async (dir: string): Promise<void> => {
    for (const { name, directory } of await reader.list(dir)) {
      const path = `${dir}/${name}`;
      if (directory) await visit(path);
      else if (name.endsWith('.rs')) {
        const text = await reader.read(path);
        for (const [, name] of text?.matchAll(/\$crate::module_device_table!\(\s*"\w+",\s*([a-z]\w*)\s*,/g) ?? [])
          if (!table.reserved.includes(name!)) table.reserved.push(name!);
        if (text?.includes('_device_table') === true)
          for (const [, macro, body] of text.matchAll(/^macro_rules! (\w+_device_table) \{\n([^]*?)^\}/gm))
            macros.set(macro!, body!);
        if (text !== undefined && /\bpub (?:unsafe )?trait |impl.*Device(?:Context)?</.test(text))
          readFile(table, indexRustFile(path, text, syntax), text, catalogue);
      }
    }
  };
  await visit('rust/kernel');
  table.macros = tableMacros(macros);
  return table;
}

/** `rust/kernel/net/phy.rs` → `kernel::net::phy`. */
function modulePath(file: string): string {
  return file
    .replace(/^rust\//, '')
    .replace(/\.rs$/, '')
    .replace(/\/mod$/, '')
    .replace(/\//g, '::');
}

function readFile(table: TraitTable, file: RustFile, text: string, catalogue: Catalogue): void {
  const module = modulePath(file.path);
  const lines = text.split('\n');
  for (const [, name] of text.matchAll(/^impl\b[^{]*?\bAsRef<(?:\w+::)*Device(?:<\w+>)?> for (?:\w+::)*(\w+)/gm))
    table.devices.push(publicPath(`${module}::${name!}`, catalogue));
  table.devices = [...new Set(table.devices)];
  const resolve = resolver(file, text, module, catalogue);
  file.items.forEach((item, index) => {
    if (item.kind === 'trait' && item.parent === -1) {
      const path = publicPath(`${module}::${item.name}`, catalogue);
      table.traits[path] = { path, vtable: hasVtable(lines, item.line), members: members(file, index, text, resolve) };
    }
    if (item.kind === 'method') {
      const owner = file.items[item.parent];
      const context = owner?.impl?.selfArguments.find((name): name is DeviceContext => name === 'Bound' || name === 'Core');
      if (context && owner!.impl!.trait === null)
        table.contexts[`${publicPath(`${module}::${owner!.impl!.self.at(-1)!}`, catalogue)}::${item.name}`] = context;
    }
  });
}

/** The path by which users name an item: a private module's items are re-exported by the one above. */
function publicPath(path: string, catalogue: Catalogue): string {
  for (let parts = path.split('::'); parts.length > 2; parts = [...parts.slice(0, -2), parts.at(-1)!])
    if (catalogue.hasItem(parts.join('::'))) return parts.join('::');
  return path;
}

function hasVtable(lines: readonly string[], line: number): boolean {
  for (let i = line - 2; i >= 0 && /^\s*(?:#\[|\/\/)/.test(lines[i]!); i--)
    if (/^\s*#\[(?:macros::)?vtable\]/.test(lines[i]!)) return true;
  return false;
}

function members(file: RustFile, trait: number, text: string, resolve: (signature: string) => string): TraitMember[] {
  const list: TraitMember[] = [];
  const lines = text.split('\n');
  for (const item of file.items) {
    if (item.parent !== trait || item.hidden) continue;
    const kind =
      item.kind === 'associated-type'
        ? 'type'
        : item.kind === 'constant'
          ? 'constant'
          : item.kind === 'method'
            ? 'method'
            : undefined;
    if (!kind) continue;
    const signature = kind === 'method' ? (item.signature ?? '') : declaration(lines, item);
    const hasDefault = kind === 'method' ? item.flag : / = /.test(signature);
    list.push({ kind, name: item.name, signature: resolve(signature.replace(/ = .*$/, '')), hasDefault, config: item.config });
  }
  return list;
}

/** The text of an associated type or constant up to its semicolon. */
function declaration(lines: readonly string[], item: ItemFact): string {
  let text = '';
  for (let i = item.line - 1; i < Math.min(lines.length, item.line + 4); i++) {
    text += ` ${lines[i]!.trim()}`;
    if (text.includes(';')) break;
  }
  return text.trim().replace(/;.*$/, '');
}

interface Alias {
  name: string;
  parameters: string[];
  value: string;
}

/** Type aliases of a file that nobody else can name. */
function privateAliases(text: string): Alias[] {
  return [...text.matchAll(/^type (\w+)<([^<>]*)> = (.*);$/gm)].map((match) => ({
    name: match[1]!,
    parameters: match[2]!.split(',').map((one) => one.trim()),
    value: match[3]!,
  }));
}

/** A signature with private aliases replaced by what they stand for. */
function expand(signature: string, aliases: readonly Alias[]): string {
  return aliases.reduce(
    (all, { name, parameters, value }) =>
      all.replace(new RegExp(`\\b${name}<([^<>]*)>`, 'g'), (_, given: string) => {
        const args = given.split(',').map((one) => one.trim());
        return parameters.reduce((out, parameter, i) => {
          const pattern = parameter.startsWith("'")
            ? new RegExp(`${parameter}\\b`, 'g')
            : new RegExp(`(?<!\\w)${parameter}\\b`, 'g');
          return out.replace(pattern, args[i] ?? parameter);
        }, value);
      }),
    signature,
  );
}

/** Writes the names of a signature by their public paths. */
function resolver(file: RustFile, text: string, module: string, catalogue: Catalogue): (signature: string) => string {
  const names = new Map<string, string>();
  for (const use of file.uses)
    if (use.parent === -1 && use.name !== null && use.path[0] === 'crate')
      names.set(use.name, ['kernel', ...use.path.slice(1)].join('::'));
  for (const item of file.items)
    if (item.parent === -1 && /^(?:struct|enum|type|trait|union)$/.test(item.kind))
      names.set(item.name, publicPath(`${module}::${item.name}`, catalogue));
  const aliases = privateAliases(text);
  return (signature) =>
    expand(signature, aliases)
      .replace(/\bcrate::/g, 'kernel::')
      .replace(/(?<![\w:'])([A-Za-z_]\w*)(?=((?:::\w+)*))(?!\s*:(?!:))/g, (whole: string, head: string) => {
        const path = names.get(head);
        return path !== undefined && path !== 'kernel::error::Result' && path !== 'kernel::error::Error' ? path : whole;
      });
}
