import type { Analysis } from '../analysis';
import { NO_SHAPES, type Catalogue } from '../catalogue';
import { describeDriver, type CNameKind, type DriverModel, type EntryPointKind } from '../driver';
import { toAnnotations, type FindingJson } from '../ide/annotations';
import { findingsOf, rules, type Finding } from '../rules';
import type { SyntaxTree } from '../syntax';

/**
 * What the report keeps of one C file: plain data, independent of the driver it belongs to, so that it can be cached by the file's
 * content and the engine's version. Everything in it can be found in the file's text.
 */
export interface FileFacts {
  /** Lines and bytes of the file. */
  lines: number;
  bytes: number;
  /** ERROR and missing nodes of the parse. */
  errors: number;
  /** Functions that the file defines. */
  functions: number;
  /** Uses of names that the file does not define: name, kind, how often. Sorted by kind and name. */
  uses: [name: string, kind: number, count: number][];
  /** Functions that other files of the driver may call. */
  shared: string[];
  /** Symbols that it exports to other modules. */
  exports: string[];
  /** Entry points: kind, structure or macro, callback field ('' for none), how many. */
  entries: [kind: EntryPointKind, container: string, field: string, count: number][];
  /** Functions of the file that are handed out or stand in tables: kind, name. Those are what a port has to give again. */
  entryFunctions: number;
  findings: FindingFact[];
  /** C files and headers that it includes in quotes. */
  local: string[];
}

/** A finding without what its rule says anyway: lines and columns are 1-based. */
export type FindingFact = Omit<FindingJson, 'kind' | 'severity' | 'confidence' | 'cwe' | 'rust'>;

/** Kinds of uses by number. */
export const KINDS: readonly CNameKind[] = ['function', 'macro', 'struct', 'field', 'header'];

/** The facts of an analysed file. */
export const fileFacts = ({ tree, model, findings }: Analysis, bytes: number): FileFacts => collect(tree, model, findings, bytes);

/** The facts of a parsed file. They need no catalogue: what a kernel offers is looked up when drivers are put together. */
export function factsOfTree(tree: SyntaxTree, bytes: number): FileFacts {
  const model = describeDriver(tree);
  return collect(tree, model, findingsOf(tree, model, NO_CATALOGUE), bytes);
}

const unknown: ReturnType<Catalogue['lookup']> = { name: '', kind: 'function', status: 'none', rust: [], note: '' };
const NO_CATALOGUE: Catalogue = {
  kernel: { version: '0.0', source: 'snapshot' },
  lookup: () => unknown,
  hasItem: () => false,
  has: () => false,
  names: () => [],
  items: () => [],
  rustSidesIn: () => [],
  item: () => undefined,
  shapes: NO_SHAPES,
};

function collect(tree: SyntaxTree, model: DriverModel, found: readonly Finding[], bytes: number): FileFacts {
  const counts = KINDS.map(() => new Map<string, number>());
  for (const { name, kind } of model.apis) {
    const ofKind = counts[KINDS.indexOf(kind)]!;
    ofKind.set(name, (ofKind.get(name) ?? 0) + 1);
  }
  const entries = new Map<string, number>();
  const entered = new Set<string>();
  for (const { kind, container, field, function: name } of model.entryPoints) {
    const key = `${kind} ${container} ${field ?? ''}`;
    entries.set(key, (entries.get(key) ?? 0) + 1);
    if (name !== null) entered.add(name);
  }
  const { findings } = toAnnotations(
    '',
    bytes,
    {
      tree,
      model: { ...model, apis: [], entryPoints: [] },
      catalogue: NO_CATALOGUE,
      apis: [],
      entryPoints: [],
      findings: [...found],
      withFlow: true,
    },
    NO_TIMES,
  );
  return {
    lines: tree.text === '' ? 0 : tree.lineStarts.length - (tree.text.endsWith('\n') ? 1 : 0),
    bytes,
    errors: tree.errorCount(),
    functions: model.functions.length,
    uses: counts.flatMap((ofKind, kind) =>
      [...ofKind.keys()].sort().map((name) => [name, kind, ofKind.get(name)!] as [string, number, number]),
    ),
    shared: model.functions.filter(({ isStatic }) => !isStatic).map(({ name }) => name),
    exports: model.entryPoints.filter(({ kind }) => kind === 'export').map(({ name }) => name),
    entries: [...entries].map(([key, count]) => {
      const [kind, container, field] = key.split(' ') as [EntryPointKind, string, string];
      return [kind, container, field, count];
    }),
    entryFunctions: entered.size,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- what is left out is the point
    findings: findings.map(({ kind, severity, confidence, cwe, rust, ...fact }) => fact),
    local: [...tree.text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm)].map((match) => match[1]!),
  };
}

const NO_TIMES = { parse: 0, total: 0 };

const ruleById = new Map(rules.map(({ metadata }) => [metadata.id, metadata]));

/** The verdict of a rule: how far Rust removes what it speaks of. */
export const verdictOf = (rule: string): FindingJson['rust']['verdict'] => ruleById.get(rule)?.rust.verdict ?? 'not-prevented';

/** Whether a rule's findings are suspects or hazards. */
export const kindOfRule = (rule: string): 'suspect' | 'hazard' => ruleById.get(rule)?.kind ?? 'hazard';

/** The whole finding, as `r4l annotate` prints it. */
export function wholeFinding(fact: FindingFact, hasItem: (path: string) => boolean): FindingJson {
  const { kind, severity, confidence, cwe, rust } = ruleById.get(fact.rule)!;
  return { ...fact, kind, severity, confidence, cwe, rust: { ...rust, items: rust.items.filter(hasItem) } };
}
