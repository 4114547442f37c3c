import { releaseOf } from '../kernel-version';
import { EVIDENCE, KINDS, RELATIONS, type CatalogueData, type EvidenceRow, type LinkRow } from './data';
import type { Relation, RustItem } from './model';
import { isLibraryPath } from './curated/model';

/** The Rust items of a kernel, by path. */
export class ItemTable {
  private byPath: Map<string, number> | undefined;

  constructor(readonly data: CatalogueData) {}

  /**
   * Number of the item that a user can name by `path`: also through a type alias (`kernel::alloc::KBox::new` is a method of `Box`).
   * Undefined if this kernel has none.
   */
  find(path: string): number | undefined {
    this.byPath ??= new Map(this.data.items.map((row, index) => [row[0], index]));
    const own = this.byPath.get(path);
    if (own !== undefined) return own;
    const cut = path.lastIndexOf('::');
    if (cut < 0) return undefined;
    const owner = this.byPath.get(path.slice(0, cut));
    const alias = owner === undefined ? -1 : this.data.items[owner]![7];
    return alias < 0 ? undefined : this.byPath.get(`${this.data.items[alias]![0]}${path.slice(cut)}`);
  }

  /** Whether this kernel, or Rust's own library, has the path. */
  has(path: string): boolean {
    return isLibraryPath(path) || this.find(path) !== undefined;
  }

  /** The item of a row as the rest of the product sees it. `path` replaces the row's where an alias names it. */
  item(index: number, relation: Relation, evidence: string[], path?: string): RustItem {
    const { files, configs, history, version } = this.data;
    const [own, kind, file, line, isUnsafe, signature, config, , uses, since] = this.data.items[index]!;
    const places: string[] = [];
    for (let i = 0; i + 1 < uses.length; i += 2) places.push(`used at ${files[uses[i]!]!}:${uses[i + 1]!}`);
    return {
      path: path ?? own,
      kind: KINDS[kind]!,
      relation,
      file: files[file]!,
      line,
      unsafe: isUnsafe === 1,
      signature: signature === '' ? null : signature,
      since: since === 0 ? null : releaseOf(history[since - 1] ?? version),
      absentIn: since < 2 ? null : releaseOf(history[since - 2]!),
      config: config < 0 ? [] : configs[config]!.split(' '),
      evidence: [...evidence, ...places],
    };
  }

  /** An item by path, or one of core or alloc; undefined if this kernel has none. */
  named(path: string, relation: Relation, evidence: string[]): RustItem | undefined {
    const index = this.find(path);
    if (index !== undefined) return this.item(index, relation, evidence, path);
    return isLibraryPath(path) ? libraryItem(path, relation, evidence) : undefined;
  }

  /** The item of a derived link. */
  linked(row: LinkRow, name: string): RustItem {
    return this.item(
      row[0],
      RELATIONS[row[1]]!,
      row[3].map((evidence) => this.words(evidence, name)),
    );
  }

  private words([kind, file, line, name]: EvidenceRow, own: string): string {
    return `${EVIDENCE[kind]!.replace('$', name ?? own)} at ${this.data.files[file]!}:${line}`;
  }
}

function libraryItem(path: string, relation: Relation, evidence: string[]): RustItem {
  const name = path.slice(path.lastIndexOf('::') + 2);
  const owner = path.slice(0, path.lastIndexOf('::'));
  const kind = /^[A-Z][a-z]/.test(name)
    ? 'struct'
    : /::[A-Z]\w*$|::(?:u32|usize|slice|str|num|char)$/.test(owner)
      ? 'method'
      : 'function';
  return {
    path,
    kind,
    relation,
    file: null,
    line: null,
    unsafe: false,
    signature: null,
    since: null,
    absentIn: null,
    config: [],
    evidence,
  };
}
