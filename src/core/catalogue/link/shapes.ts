import type { Shapes, TraitRow } from '../data';
import { KINDS } from '../data';
import type { ItemFact } from '../facts';
import type { LinkedItem, ModuleNode } from './crate';
import type { Members } from './members';
import type { PublicPaths } from './paths';

/** Signatures of trait members with their names resolved; kept as long as the crates are linked the same. */
export type KeptSignatures = WeakMap<ItemFact, string>;

/** What code that is written against the items must know beyond their rows: members of traits, receivers, arguments of macros. */
export function shapesOf(members: Members, paths: PublicPaths, kept: KeptSignatures = new WeakMap()): Shapes {
  const shapes: Shapes = { traits: {}, receivers: {}, macros: {}, asRef: {}, statics: [] };
  const macros = new Map<string, LinkedItem>();
  const writers = new Map<ModuleNode, (signature: string) => string>();
  const statics = new Set<string>();
  for (const item of members.resolver.crates.items) {
    if (item.module.path[0] !== 'kernel') continue;
    const { fact } = item;
    if (fact.macro) {
      for (const name of fact.macro.statics) statics.add(name);
      if (fact.flag) macros.set(fact.name, item);
    } else if (fact.kind === 'trait') {
      const path = paths.items.get(item);
      if (path === undefined || fact.hidden) continue;
      let write = writers.get(item.module);
      if (!write) writers.set(item.module, (write = signatureWriter(item.module, paths)));
      shapes.traits[path] = traitRow(item, members, write, kept);
    } else if (fact.kind === 'impl') asRef(item, members, paths, shapes);
    else if (item.owner?.fact.kind === 'impl') receiver(item, item.owner, members, paths, shapes);
  }
  shapes.statics = [...statics];
  for (const item of macros.values()) {
    const takes = parametersOf(item, macros, 0);
    const path = paths.items.get(item);
    if (takes && takes.length > 1 && path !== undefined && !item.fact.hidden) shapes.macros[path] = takes;
  }
  return shapes;
}

function traitRow(trait: LinkedItem, members: Members, write: (signature: string) => string, kept: KeptSignatures): TraitRow {
  const rows: TraitRow[1] = [];
  for (const member of [...(members.members.get(trait)?.values() ?? [])].flat()) {
    const { kind, name, signature, hidden, flag, config } = member.fact;
    if (hidden || (kind !== 'method' && kind !== 'constant' && kind !== 'associated-type')) continue;
    let text = kept.get(member.fact);
    if (text === undefined) kept.set(member.fact, (text = write((signature ?? '').replace(/ = .*$/, ''))));
    const hasDefault = kind === 'associated-type' ? / = /.test(signature ?? '') : flag;
    const row = KINDS.indexOf(kind === 'associated-type' ? 'type' : kind);
    rows.push([row, name, text, hasDefault ? 1 : 0, config]);
  }
  return [trait.fact.vtable ? 1 : 0, rows];
}

/** What a method's receiver must be, where its impl is for some arguments of the type only: `impl Device<Bound>`. */
function receiver(item: LinkedItem, impl: LinkedItem, members: Members, paths: PublicPaths, shapes: Shapes): void {
  const { trait, selfArguments } = impl.fact.impl!;
  if (trait !== null || item.fact.kind !== 'method') return;
  const concrete = selfArguments.filter((name) => /^[A-Z][a-z]/.test(name) && !Object.hasOwn(impl.fact.bounds, name));
  const path = concrete.length > 0 ? members.pathOf(item, paths) : undefined;
  if (path !== undefined) shapes.receivers[path] = concrete;
}

/** `impl AsRef<device::Device<Ctx>> for Device<Ctx>`: the type that another type gives a reference to. */
function asRef(impl: LinkedItem, members: Members, paths: PublicPaths, shapes: Shapes): void {
  const { trait, gives } = impl.fact.impl!;
  if (trait?.at(-1) !== 'AsRef') return;
  const self = members.selfOf.get(impl);
  const path = self && paths.items.get(self);
  if (path === undefined) return;
  for (let length = Math.min(4, gives.length); length > 0; length--) {
    const type = members.typeNamed(impl.module, gives.slice(0, length));
    const to = type && paths.items.get(type);
    if (to === undefined) continue;
    const known = (shapes.asRef[path] ??= []);
    if (!known.includes(to)) known.push(to);
    return;
  }
}

function parametersOf(item: LinkedItem, macros: ReadonlyMap<string, LinkedItem>, depth: number): string[] | undefined {
  const { takes, hands } = item.fact.macro!;
  if (!hands) return takes;
  const inner = macros.get(hands.macro);
  return inner && depth < 2 ? parametersOf(inner, macros, depth + 1)?.slice(hands.own) : undefined;
}

/** A type alias that only its own module can name. */
interface Alias {
  name: string;
  parameters: string[];
  value: string;
}

/** Writes the names of a module's signatures by paths that hold everywhere, and its private aliases by what they stand for. */
function signatureWriter(module: ModuleNode, paths: PublicPaths): (signature: string) => string {
  const names = new Map<string, string>();
  for (const { name, path } of module.uses)
    if (name !== null && path[0] === 'crate') names.set(name, ['kernel', ...path.slice(1)].join('::'));
  const aliases: Alias[] = [];
  for (const [name, items] of module.names) {
    for (const item of items) {
      if (!/^(?:struct|enum|type|trait|union)$/.test(item.fact.kind)) continue;
      names.set(name, paths.items.get(item) ?? [...module.path, name].join('::'));
      const alias = item.fact.visibility === 'private' ? aliasOf(item.fact) : undefined;
      if (alias) aliases.push(alias);
    }
  }
  return (signature) =>
    expand(signature, aliases)
      .replace(/\bcrate::/g, 'kernel::')
      .replace(/(?<![\w:'])([A-Za-z_]\w*)(?=((?:::\w+)*))(?!\s*:(?!:))/g, (whole: string, head: string) => {
        const path = names.get(head);
        return path !== undefined && path !== 'kernel::error::Result' && path !== 'kernel::error::Error' ? path : whole;
      });
}

function aliasOf({ name, signature }: ItemFact): Alias | undefined {
  const [, parameters, value] = /^type \w+<([^<>]*)> = (.*)$/.exec(signature ?? '') ?? [];
  return parameters === undefined
    ? undefined
    : { name, parameters: parameters.split(',').map((one) => one.trim()), value: value! };
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
