import type { Catalogue, CatalogueEntry, Status } from '../catalogue';
import type { CNameKind } from '../driver';
import type { ApiIndex } from './api-index';
import { byUse, missingGroups, type MissingName } from './abstractions';
import { KINDS, kindOfRule, verdictOf, type FileFacts } from './facts';
import type { KconfigTree, RustArchitectures } from '../kconfig';
import type { Maintainers } from './maintainers';
import type { ByStatus, DriverReport, EntryKind } from './model';
import { rewriteSupport } from './rewrite-support';
import { scoreOf } from './score';
import { STATE_VALUE } from './weights';
import { ownKeys } from '../own-keys';

/** What is known around a driver; all but the catalogue may be missing (a loose file). */
export interface Surroundings {
  catalogue: Catalogue;
  index: ApiIndex | undefined;
  kconfig: KconfigTree | undefined;
  /** Where Kconfig lets drivers be built, with Rust and without. */
  architectures: RustArchitectures | undefined;
  maintainers: Maintainers | undefined;
}

/** A driver's files with their facts, as the makefiles group them. */
export interface DriverSources {
  /** Module name; for a loose file its name without `.c`. */
  name: string;
  /** Symbols under which it is built, nearest first. */
  configs: readonly string[];
  /** Whether it is built whatever is configured. */
  always: boolean;
  /** Whether a makefile names it. */
  built: boolean;
  files: readonly { path: string; facts: FileFacts }[];
  /** Functions that headers beside its files declare, with the header: those that it does not define belong to another module. */
  declared?: ReadonlyMap<string, string>;
}

/** Callbacks of tables that make a structure a bus driver. */
const PROBES = new Set(['probe', 'probe_new', 'bind', 'connect']);

/** The report on one driver. Independent of the order of its files and of what else is reported. */
export function reportDriver(sources: DriverSources, around: Surroundings): DriverReport {
  const files = [...sources.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const facts = files.map((file) => file.facts);
  const main = mainFile(sources.name, files);
  const uses = usesOf(facts, sources.declared, around);
  const buses = busesOf(facts);
  const coverage = emptyCounts();
  const useCounts = emptyCounts();
  const missing: MissingName[] = [];
  let weighted = 0;
  let weights = 0;
  for (const use of uses) {
    coverage[use.status]++;
    useCounts[use.status] += use.count;
    const weight = 1 + Math.log2(use.count);
    weighted += weight * STATE_VALUE[use.status];
    weights += weight;
    if (use.status !== 'none' && use.status !== 'raw') continue;
    const container = use.kind === 'field' ? use.name.slice(0, use.name.indexOf('.')) : use.name;
    missing.push({
      name: use.name,
      uses: use.count,
      filled: use.kind === 'field',
      bus: buses.some(({ struct }) => struct === container),
      from: use.from,
    });
  }
  const blocking = missing.filter(({ name }) => isBlocking(name));
  const kconfig = sources.configs[0] ?? null;
  const found = kconfig === null ? undefined : around.kconfig?.find(kconfig);
  const maintainers = around.maintainers?.find(main);
  const registered =
    buses.length > 0
      ? buses.map(({ struct }) => registration(struct, around.catalogue))
      : facts.some(({ entries }) => entries.some(([, container]) => container === 'module_init'))
        ? [{ struct: 'module_init', value: valueOf(around.catalogue.lookup('module_init', 'macro')) }]
        : [];
  const findings = facts.flatMap((file) => file.findings.filter(({ suppressed }) => suppressed === undefined));
  const verdicts = { prevented: 0, 'with-idiom': 0, 'not-prevented': 0 };
  const rules: Record<string, number> = ownKeys({});
  for (const { rule } of findings) {
    verdicts[verdictOf(rule)]++;
    rules[rule] = (rules[rule] ?? 0) + 1;
  }
  const sum = (of: (file: FileFacts) => number): number => facts.reduce((total, file) => total + of(file), 0);
  const report: Omit<DriverReport, 'score' | 'scoreParts'> = {
    name: sources.name,
    path: main,
    files: files.map(({ path }) => path),
    kind: kindOf(sources, facts, buses.length > 0),
    built: sources.built,
    kconfig,
    subsystem: subsystemOf(main),
    buses: [...new Set(buses.map(({ bus }) => bus))].sort(),
    lines: sum(({ lines }) => lines),
    coverage,
    uses: useCounts,
    missing: missing.sort(byUse).map(({ name }) => name),
    blockers: missingGroups(blocking, around.index, includedBy(facts)),
    suspects: findings.filter(({ rule }) => kindOfRule(rule) === 'suspect').length,
    hazards: findings.filter(({ rule }) => kindOfRule(rule) === 'hazard').length,
    verdicts,
    rules: Object.fromEntries(Object.entries(rules).sort(([a], [b]) => (a < b ? -1 : 1))),
    entryPoints: sum(({ entries }) => entries.reduce((count, [kind, , , n]) => count + (kind === 'export' ? 0 : n), 0)),
    exports: sum(({ exports }) => exports.length),
    dependents:
      around.kconfig === undefined || kconfig === null ? null : found ? around.kconfig.dependents(kconfig).length : null,
    architectures: (sources.configs.length > 0 ? around.architectures?.of(sources.configs) : undefined) ?? null,
    complexity: complexityOf(facts),
    parseErrors: sum(({ errors }) => errors),
    maintainers: maintainers
      ? { entry: maintainers.title, status: maintainers.status, lists: maintainers.lists, rust: maintainers.rust }
      : null,
    rewrite: rewriteSupport(
      buses.map(({ struct }) => struct),
      around.catalogue,
    ),
  };
  const callbacks = uses
    .filter(({ name, kind }) => kind === 'field' && !buses.some(({ struct }) => name.startsWith(`${struct}.`)))
    .map(({ name, status }) => ({ name, value: PLACE[status] }));
  const { score, parts } = scoreOf(report, { coverage: weights === 0 ? null : weighted / weights, registered, callbacks });
  return { ...report, score, scoreParts: parts };
}

const emptyCounts = (): ByStatus => ({ safe: 0, partial: 0, raw: 0, none: 0 });

/** What is known of a name around a driver. */
interface Around {
  status: Status;
  /** Whether a header of the kernel has it. */
  declares: boolean;
}

/** What is known of names, kept by itself: over a whole tree the catalogue's entries are too many for that. */
class Names {
  private static readonly made = new WeakMap<Surroundings, Names>();
  private readonly known = new Map<string, Around>();

  private constructor(private readonly around: Surroundings) {}

  static of(around: Surroundings): Names {
    let names = Names.made.get(around);
    if (!names) Names.made.set(around, (names = new Names(around)));
    return names;
  }

  get(name: string, kind: CNameKind): Around {
    let around = this.known.get(name);
    if (around === undefined) {
      if (this.known.size >= KEPT) this.known.clear();
      const { catalogue, index } = this.around;
      around = { status: catalogue.lookup(name, kind).status, declares: index?.headerOf(name) !== undefined };
      this.known.set(name, around);
    }
    return around;
  }
}

/** Names that are kept: those that all of drivers/ uses are some hundred thousand. */
const KEPT = 500_000;

interface Use {
  name: string;
  kind: (typeof KINDS)[number];
  count: number;
  status: Status;
  /** The header beside the driver that declares it, if it is a function of another module. */
  from: string | undefined;
}

/**
 * The uses of the kernel's API in all files: what the catalogue knows or the kernel's headers declare, without what the driver's own files
 * define for each other; and functions of other modules that headers beside the driver declare. Headers themselves are not counted: their names are. Without the kernel's headers only what the catalogue knows
 * counts, and functions and callbacks of the file that nothing in it declares, unless it includes headers of its own.
 */
function usesOf(facts: readonly FileFacts[], declared: DriverSources['declared'], around: Surroundings): Use[] {
  const { catalogue, index } = around;
  const own = new Set(facts.flatMap(({ shared }) => shared));
  const closed = facts.every(({ local }) => local.length === 0);
  const names = Names.of(around);
  const counts = new Map<string, Use>();
  for (const file of facts)
    for (const [name, number, count] of file.uses) {
      const kind = KINDS[number]!;
      if (kind === 'header' || own.has(name)) continue;
      const known = counts.get(name);
      if (known) {
        known.count += count;
        continue;
      }
      // The names of a driver's registers are most of all names: what is written in capitals and stands in no header of the kernel is its own.
      if (index && kind === 'macro' && CONSTANT.test(name) && index.headerOf(name) === undefined) continue;
      const { status, declares } = names.get(name, kind);
      const isApi = status !== 'none' || (index ? declares : catalogue.has(name) || (closed && kind !== 'macro'));
      const from = isApi || kind !== 'function' ? undefined : declared?.get(name);
      if (isApi || from !== undefined) counts.set(name, { name, kind, count, status, from });
    }
  return [...counts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Headers that the files include with angle brackets or quotes, by the names of their uses; sorted. */
const includedBy = (facts: readonly FileFacts[]): string[] =>
  [...new Set(facts.flatMap(({ uses }) => uses.filter(([, kind]) => KINDS[kind] === 'header').map(([name]) => name)))].sort();

/** A constant in capitals is a value that a driver can write itself; what lacks a Rust side with work in it is the rest. */
const isBlocking = (name: string): boolean => !CONSTANT.test(name);

const CONSTANT = /^_*[A-Z][A-Z0-9_]*$/;

/** The structures by which the files register with buses. */
function busesOf(facts: readonly FileFacts[]): { struct: string; bus: string }[] {
  const structs = new Set<string>();
  for (const { entries } of facts)
    for (const [kind, container, field] of entries) {
      if (!/_driver$/.test(container)) continue;
      const macro = /^(?:module|builtin)_(\w+_driver)$/.exec(container)?.[1];
      if (kind === 'module-macro') {
        if (macro !== undefined) structs.add(macro);
      } else if (kind === 'probe' || PROBES.has(field)) structs.add(container);
    }
  // module_i3c_i2c_driver registers two, and the structures say so themselves.
  return [...structs].sort().map((struct) => ({ struct, bus: busName(struct) }));
}

const busName = (struct: string): string => struct.replace(/(?:_device|_client|_cl)?_driver$/, '');

/** How far Rust has a trait for the structure: the catalogue's entry of its probe() or of itself. */
function registration(struct: string, catalogue: Catalogue): { struct: string; value: number } {
  const fields = [...PROBES].map((field) => catalogue.lookup(`${struct}.${field}`, 'field'));
  return { struct, value: Math.max(...[catalogue.lookup(struct, 'struct'), ...fields].map(valueOf)) };
}

/** How far Rust has a trait or a member of one for a state: bindings are none. */
const PLACE: Record<Status, number> = { ...STATE_VALUE, raw: 0 };

const valueOf = ({ status }: CatalogueEntry): number => PLACE[status];

/** The file that registers the driver: of those that have the module's macro, else a bus driver's table, the one of the module's name. */
function mainFile(name: string, files: DriverSources['files']): string {
  const stem = (path: string): string =>
    path
      .slice(path.lastIndexOf('/') + 1)
      .replace(/\.c$/, '')
      .replace(/-/g, '_');
  const rank = ({ path, facts }: DriverSources['files'][number]): number =>
    (facts.entries.some(([kind]) => kind === 'module-macro') ? 4 : 0) +
    (facts.entries.some(([kind]) => kind === 'probe' || kind === 'driver') ? 2 : 0) +
    (stem(path) === name.replace(/-/g, '_') ? 1 : 0);
  let best = files[0]!;
  for (const file of files) if (rank(file) > rank(best)) best = file;
  return best.path;
}

function kindOf(sources: DriverSources, facts: readonly FileFacts[], onBus: boolean): EntryKind {
  const has = (...kinds: string[]): boolean => facts.some(({ entries }) => entries.some(([kind]) => kinds.includes(kind)));
  const isTest = facts.some(({ uses }) => uses.some(([name]) => name === 'kunit/test.h' || name === 'kunit_test_suites'));
  if (isTest && !onBus) return 'test';
  if (!sources.built && !has('module-macro')) return 'part';
  if (onBus) return 'driver';
  if (sources.always) return 'core';
  const exports = facts.some((file) => file.exports.length > 0);
  if (exports && !has('id-table', 'device-table', 'probe')) return 'library';
  if (has('module-macro', 'initcall', 'probe', 'driver')) return 'driver';
  return 'code';
}

/** `drivers/net/phy/x.c` → `drivers/net/phy`: the folder, up to three steps. */
export const subsystemOf = (path: string): string => path.split('/').slice(0, -1).slice(0, 3).join('/');

const INTERRUPT =
  /^(?:devm_)?(?:request|free)_(?:threaded_|any_context_|percpu_)?irq$|^pci_(?:request_irq|alloc_irq_vectors\w*)$|^(?:enable|disable)_irq\w*$|^irq_domain_\w+$/;
const DMA = /^(?:dmam?_|devm_dma_)\w+$|^sg_\w+$|^dmaengine_\w+$/;
const LOCK =
  /^(?:_?raw_)?(?:spin|read|write|mutex|rt_mutex|down|up|rcu|seq|read_seq|write_seq)_?\w*(?:lock|unlock|begin|retry|_read|_write|trylock)\w*$|^atomic\w*_\w+$|^(?:smp_|READ_ONCE|WRITE_ONCE)\w*$|^wait_event\w*$|^complet\w+$/;
const DEFERRED =
  /^(?:INIT_(?:DELAYED_)?WORK|queue_(?:delayed_)?work|schedule_(?:delayed_)?work|mod_delayed_work|timer_setup|mod_timer|hrtimer_\w+|tasklet_\w+|kthread_\w+)$/;

/** Distinct names of each kind that a file uses; a driver of many files has the sum. */
function complexityOf(facts: readonly FileFacts[]): DriverReport['complexity'] {
  const count = (pattern: RegExp): number =>
    facts.reduce((total, { uses }) => total + uses.filter(([name, kind]) => kind < 2 && pattern.test(name)).length, 0);
  return { interrupts: count(INTERRUPT), dma: count(DMA), locks: count(LOCK), deferred: count(DEFERRED) };
}
