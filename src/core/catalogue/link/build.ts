import type { HeaderFacts } from '../c/header';
import { indexHeaders } from '../c/header-index';
import { extraWords } from '../c/jobs';
import type { HelperFact } from '../c/helpers';
import {
  EvidenceKind,
  FORMAT,
  KINDS,
  RELATIONS,
  type CatalogueData,
  type EvidenceRow,
  type ItemRow,
  type LinkRow,
} from '../data';
import type { RustFile } from '../facts';
import type { RustItemKind } from '../model';
import { encodeRawNames, type RawKind } from '../raw-names';
import type { LinkedItem } from './crate';
import { addDocumented } from './documented';
import { renameEnumerators } from './enumerators';
import { EvidenceCollector, type Candidate, type Evidence } from './evidence';
import { linkForwards, namedAfter } from './forwards';
import { linkHeaders } from './headers';
import { CrateLinker, type LinkedCrates } from './linked-crates';
import type { Members } from './members';
import type { NamedItem } from './named-items';
import { addSameNames } from './same-names';
import { shapesOf } from './shapes';
import { itemsNamedIn, linkUses, type Use } from './uses';
import { linkVtables } from './vtables';
import { ownKeys } from '../../own-keys';

/** The facts of a whole tree, by file. */
export interface TreeFacts {
  version: string;
  /** Files of the crates. */
  rust: ReadonlyMap<string, RustFile>;
  /** In-tree drivers and samples. */
  drivers: readonly RustFile[];
  helpers: readonly HelperFact[];
  /** Headers that bindings_helper.h reaches. */
  headers: readonly HeaderFacts[];
  /** What bindgen bound, if the tree was built (c/generated.ts); else it is told from the headers. */
  generated?: readonly (readonly [string, RawKind])[];
}

/** A candidate under this score is no more than a neighbour. */
const CONFIDENT = 45;
/** How many Rust items are kept for one C name. */
const KEPT = 6;

/** Puts the facts of all files together. The same for the same facts. */
export const linkTree = (facts: TreeFacts): CatalogueData => new TreeLinker().link(facts);

/** Puts the facts of a tree together, again after each change: quick where only bodies changed. */
export class TreeLinker {
  private readonly crates = new CrateLinker();

  link(facts: TreeFacts): CatalogueData {
    return linkFacts(facts, this.crates.link(facts.rust));
  }
}

function linkFacts(facts: TreeFacts, linked: LinkedCrates): CatalogueData {
  const { crates, resolver, paths, members } = linked;
  const index = indexHeaders(facts.headers, facts.helpers);
  const { callbacks } = index;
  const evidence = new EvidenceCollector(crates, members, paths, linked.callers, linked.evidence).collect();
  const vtables = linkVtables(crates, members, paths, callbacks);
  for (const [struct, traits] of vtables.structs) merge(evidence, struct, traits);
  renameEnumerators(evidence, index);
  addDocumented(evidence, members, paths, index);
  addSameNames(evidence, members, paths, (name) => index.kinds.get(name));
  const headers = linkHeaders(resolver, paths, evidence, facts.headers);
  const sure = new Set<string>();
  for (const [name, [best]] of evidence) if ((best?.score ?? 0) >= CONFIDENT) sure.add(name);
  const confident = (name: string): boolean => sure.has(name);
  const named = (name: string, callee: string): Candidate[] =>
    namedAfter(name, evidence.get(callee) ?? [], extraWords(name, callee), members, paths);
  const forwards = linkForwards(index, facts.helpers, confident, (name, callee) => named(name, callee).length > 0);
  for (const [name, callee] of forwards) {
    const own = named(name, callee);
    if (own.length === 0) continue;
    evidence.set(name, [...own, ...evidence.get(callee)!]);
    forwards.delete(name);
  }
  const data = new Writer(facts, members, linked.named, linkUses(facts.drivers, members, linked.uses)).write(
    evidence,
    vtables.fields,
    headers,
    forwards,
    callbacks,
  );
  return { ...data, shapes: shapesOf(members, paths, linked.signatures) };
}

/**
 * Public paths of the items that a Rust driver of the tree names in its `use` declarations and paths, modules left out.
 * @param paths the driver's files
 */
export function pathsNamedBy(facts: TreeFacts, paths: readonly string[]): string[] {
  const { paths: known, members } = new CrateLinker().link(facts.rust);
  const named = new Set<string>();
  for (const file of facts.drivers) {
    if (!paths.includes(file.path)) continue;
    for (const item of itemsNamedIn(file, members, false).keys()) {
      const path = members.pathOf(item, known);
      if (path !== undefined && item.fact.kind !== 'module') named.add(path);
    }
  }
  return [...named].sort();
}

function merge(evidence: Evidence, name: string, more: Candidate[]): void {
  const list = evidence.get(name) ?? [];
  for (const candidate of more) if (!list.some((other) => other.item === candidate.item)) list.push(candidate);
  evidence.set(
    name,
    list.sort((a, b) => b.score - a.score),
  );
}

/** Turns linked items into numbered rows. */
class Writer {
  private readonly files = new Map<string, number>();
  private readonly configs = new Map<string, number>();
  private readonly rows: ItemRow[] = [];
  private readonly numbers = new Map<LinkedItem, number>();

  constructor(
    private readonly facts: TreeFacts,
    private readonly members: Members,
    private readonly named: readonly NamedItem[],
    private readonly uses: ReadonlyMap<LinkedItem, Use[]>,
  ) {}

  write(
    evidence: Evidence,
    fields: Evidence,
    headers: Evidence,
    forwards: ReadonlyMap<string, string>,
    callbacks: ReadonlyMap<string, string[]>,
  ): Omit<CatalogueData, 'shapes'> {
    this.items();
    const structs: Record<string, string[]> = ownKeys({});
    for (const key of [...fields.keys()].sort()) {
      const struct = key.slice(0, key.indexOf('.'));
      structs[struct] ??= [...new Set(callbacks.get(struct))];
    }
    return {
      format: FORMAT,
      version: this.facts.version,
      items: this.rows,
      names: this.links(evidence),
      fields: this.links(fields, true),
      structs,
      headers: this.links(headers),
      inside: this.inside(evidence),
      forwards: Object.fromEntries([...forwards].sort(([a], [b]) => (a < b ? -1 : 1))),
      raw: this.facts.generated ? encodeRawNames(this.facts.generated) : indexHeaders(this.facts.headers, this.facts.helpers).raw,
      rawBit: 0,
      history: [],
      configs: [...this.configs.keys()],
      files: [...this.files.keys()],
    };
  }

  private items(): void {
    const seen = new Map<string, number>();
    for (const { item, path, config } of this.named) {
      // Where `cfg` gives an item twice, the first stands for both, and needs what both need.
      const kind = kindOf(item);
      const key = `${path} ${kind === 'macro' ? 'macro' : ''}`;
      const known = seen.get(key);
      if (known !== undefined) {
        this.numbers.set(item, known);
        const row = this.rows[known]!;
        if (row[6] >= 0)
          row[6] = this.config([...this.configs.keys()][row[6]]!.split(' ').filter((symbol) => config.includes(symbol)));
        continue;
      }
      seen.set(key, this.rows.length);
      this.numbers.set(item, this.rows.length);
      const uses = (this.uses.get(item) ?? []).flatMap((use) => [this.file(use.file), use.line]);
      this.rows.push([
        path,
        KINDS.indexOf(kind),
        this.file(item.file.path),
        item.fact.line,
        item.fact.unsafe ? 1 : 0,
        signatureOf(item),
        this.config(config),
        -1,
        uses,
        0,
      ]);
    }
    for (const { item } of this.named) {
      if (item.fact.kind !== 'type' || item.owner) continue;
      const target = this.members.aliased(item);
      const to = target && this.numbers.get(target);
      if (to !== undefined) this.rows[this.numbers.get(item)!]![7] = to;
    }
  }

  private links(evidence: Evidence, keepEmpty = false): Record<string, LinkRow[]> {
    const links: Record<string, LinkRow[]> = ownKeys({});
    for (const name of [...evidence.keys()].sort()) {
      const rows: LinkRow[] = [];
      for (const candidate of evidence.get(name)!) {
        const item = this.numbers.get(candidate.item);
        if (item === undefined || rows.length >= KEPT || candidate.score < 20 || rows.some((row) => row[0] === item)) continue;
        rows.push([
          item,
          RELATIONS.indexOf(candidate.relation),
          Math.round(candidate.score),
          candidate.evidence.map((proof) => this.proof(proof, name)),
        ]);
      }
      if (rows.length > 0 || keepEmpty) links[name] = rows;
    }
    return links;
  }

  /** Names that rust/kernel uses without offering anything for them, each with the first place. */
  private inside(evidence: Evidence): CatalogueData['inside'] {
    const places = new Map<string, [number, number]>();
    for (const file of this.facts.rust.values()) {
      if (!file.path.startsWith('rust/kernel/')) continue;
      for (const item of file.items) {
        for (const { name, line } of item.refs?.bindings ?? []) {
          if (places.has(name) || (evidence.get(name)?.[0]?.score ?? 0) >= 45) continue;
          places.set(name, [this.file(file.path), line]);
        }
      }
    }
    return Object.fromEntries([...places].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private proof(proof: { kind: EvidenceKind; file: string; line: number; name: string }, name: string): EvidenceRow {
    const row: EvidenceRow = [proof.kind, this.file(proof.file), proof.line];
    if (proof.name !== name) row.push(proof.name);
    return row;
  }

  private file(path: string): number {
    return number(this.files, path);
  }

  private config(symbols: readonly string[]): number {
    return symbols.length === 0 ? -1 : number(this.configs, symbols.join(' '));
  }
}

function number(map: Map<string, number>, key: string): number {
  let known = map.get(key);
  if (known === undefined) map.set(key, (known = map.size));
  return known;
}

function kindOf(item: LinkedItem): RustItemKind {
  const { kind, signature } = item.fact;
  if (item.module.path[0] === 'macros' || kind === 'macro') {
    if (signature === 'attribute') return 'attribute';
    if (signature?.startsWith('derive ')) return 'derive';
  }
  return kind === 'impl' || kind === 'associated-type' ? 'type' : kind;
}

function signatureOf(item: LinkedItem): string {
  const { kind, name, signature } = item.fact;
  if (kind === 'macro')
    return signature === 'attribute' ? `#[${name}]` : signature?.startsWith('derive ') ? `#[derive(${name})]` : `${name}!`;
  return kind === 'module' ? `mod ${name}` : (signature ?? '');
}
