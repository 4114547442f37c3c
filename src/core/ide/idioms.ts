import type { Analysis } from '../analysis';
import type { CatalogueEntry } from '../catalogue/model';
import { apiRange, functionAt } from '../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../syntax';
import { bestItem } from './wording';

/** A label that error paths jump to, and what is done from there to the end of the function. */
export interface CleanupLadder {
  label: string;
  /** Range of the label's name at the asked place. */
  start: number;
  end: number;
  /** How many `goto`s of the function lead forward to the label. */
  gotos: number;
  /** The kernel functions called from the label on that have an equivalent, each once, in order. */
  releases: CatalogueEntry[];
}

/**
 * The cleanup ladder whose label stands at `offset`, in a `goto` or where it is defined; undefined elsewhere, and for labels that clean up nothing
 * (retries, loops).
 */
export function ladderAt(analysis: Analysis, offset: number): CleanupLadder | undefined {
  const { tree, model } = analysis;
  const node = tree.nodeAt(offset);
  if ((tree.kinds[node] as CKind) !== CKind.statement_identifier) return undefined;
  const definition = functionAt(model, offset);
  if (!definition) return undefined;
  const label = tree.textOf(node);
  let gotos = 0;
  let target = NONE;
  for (let inner = definition.body; inner < tree.nexts[definition.body]!; inner++) {
    const kind = tree.kinds[inner] as CKind;
    if (kind !== CKind.goto_statement && kind !== CKind.labeled_statement) continue;
    const name = tree.childByField(inner, Field.label);
    if (name === NONE || !tree.hasText(name, label)) continue;
    if (kind === CKind.labeled_statement) target = inner;
    else if (target === NONE) gotos++; // a jump back is a loop
  }
  if (target === NONE || gotos === 0) return undefined;
  const releases: CatalogueEntry[] = [];
  const [first, last] = apiRange(model, tree.starts[target]!, definition.end);
  for (let i = first; i < last; i++) {
    const entry = analysis.apis[i]!;
    if (model.apis[i]!.kind === 'function' && bestItem(entry) && !releases.some(({ name }) => name === entry.name))
      releases.push(entry);
  }
  if (releases.length === 0) return undefined;
  return { label, start: tree.starts[node]!, end: tree.ends[node]!, gotos, releases };
}

/** The use of a structure's name that gives the member at `offset` its type: `mutex` for `lock` in `struct mutex lock;`. Index into `model.apis`. */
export function memberTypeAt(analysis: Analysis, offset: number): { use: number; start: number; end: number } | undefined {
  const { tree, model } = analysis;
  const node = tree.nodeAt(offset);
  if ((tree.kinds[node] as CKind) !== CKind.field_identifier) return undefined;
  const declaration = tree.ancestorOfKind(node, CKind.field_declaration);
  if (declaration === NONE) return undefined;
  const type = tree.childByField(declaration, Field.type);
  if (type === NONE || tree.starts[node]! < tree.ends[type]!) return undefined;
  const [use, after] = apiRange(model, tree.starts[type]!, tree.ends[type]!);
  return use < after ? { use, start: tree.starts[node]!, end: tree.ends[node]! } : undefined;
}

/** Annotations that say which memory a pointer leads to; in Rust the type of the pointer says it. */
const ADDRESS_SPACE = /^__(?:iomem|user|rcu|percpu)$/;

/**
 * What is known of the memory that a pointer leads to, at the annotation (`__iomem`) or at the name of the member that has it
 * (`regs` in `void __iomem *regs;`). Undefined elsewhere, and where nothing is known.
 */
export function addressSpaceAt(
  { tree, catalogue }: Analysis,
  offset: number,
): { entry: CatalogueEntry; start: number; end: number } | undefined {
  const node = tree.nodeAt(offset);
  const kind = tree.kinds[node] as CKind;
  const at = kind === CKind.annotation ? node : kind === CKind.field_identifier ? annotationOf(tree, node) : NONE;
  const name = at === NONE ? '' : tree.textOf(at);
  if (!ADDRESS_SPACE.test(name) || !catalogue.has(name)) return undefined;
  return { entry: catalogue.lookup(name, 'macro'), start: tree.starts[node]!, end: tree.ends[node]! };
}

/** The annotation among the qualifiers of the member that `node` names. */
function annotationOf(tree: SyntaxTree, node: number): number {
  const declaration = tree.ancestorOfKind(node, CKind.field_declaration);
  if (declaration === NONE) return NONE;
  for (const child of tree.children(declaration)) {
    if (tree.starts[child]! > tree.starts[node]!) break;
    const annotation = tree.childOfKind(child, CKind.annotation);
    if (annotation !== NONE && ADDRESS_SPACE.test(tree.textOf(annotation))) return annotation;
  }
  return NONE;
}

/**
 * What Rust has in place of a field of a kernel structure's initializer that is no callback (`.id_table = ids`, `.driver = { .name = … }`).
 * Undefined elsewhere, and where nothing is known of the field.
 */
export function tableFieldAt(
  { tree, catalogue }: Analysis,
  offset: number,
): { entry: CatalogueEntry; start: number; end: number } | undefined {
  const node = tree.nodeAt(offset);
  const designator = tree.parents[node]!;
  if ((tree.kinds[node] as CKind) !== CKind.field_identifier || (tree.kinds[designator] as CKind) !== CKind.field_designator)
    return undefined;
  const container = structureOf(tree, tree.parents[tree.parents[designator]!]!);
  const name = `${container}.${tree.textOf(node)}`;
  return container !== '' && catalogue.has(name)
    ? { entry: catalogue.lookup(name, 'field'), start: tree.starts[node]!, end: tree.ends[node]! }
    : undefined;
}

/** The structure that an initializer list fills: that of its variable, or of the embedded `driver`; empty if it is not told. */
function structureOf(tree: SyntaxTree, list: number): string {
  const filled = tree.parents[list]!;
  if ((tree.kinds[filled] as CKind) === CKind.initializer_pair) {
    const designator = tree.childOfKind(filled, CKind.field_designator);
    return designator !== NONE && tree.textOf(designator) === '.driver' ? 'device_driver' : '';
  }
  if ((tree.kinds[filled] as CKind) !== CKind.init_declarator) return '';
  const type = tree.childByField(tree.parents[filled]!, Field.type);
  const name = type === NONE ? NONE : tree.childByField(type, Field.name);
  return name === NONE ? '' : tree.textOf(name);
}
