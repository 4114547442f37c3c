import type { DriverReport, PartName, ScorePart } from './model';
import { SCALE, STATUS_VALUE, WEIGHTS } from './weights';

/** What the score needs beside the report itself. */
export interface ScoreInput {
  /** Weighted share of the API that is covered, 0-1; null if the driver uses none. */
  coverage: number | null;
  /** Structures by which it registers, and how far Rust has them, 0-1. */
  registered: readonly { struct: string; value: number }[];
  /** Callbacks in other tables of the kernel's (`pwm_ops.apply`), and how far Rust has a place for them, 0-1. */
  callbacks: readonly { name: string; value: number }[];
}

/** 0 at `from`, 1 at `to`, straight between. */
const between = (from: number, to: number, value: number): number => Math.min(1, Math.max(0, (value - from) / (to - from)));

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const decimal = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits;

const mean = (list: readonly { value: number }[]): number | null =>
  list.length === 0 ? null : list.reduce((sum, { value }) => sum + value, 0) / list.length;

function callbacksText(callbacks: ScoreInput['callbacks']): string[] {
  if (callbacks.length === 0) return [];
  const without = callbacks.filter(({ value }) => value === 0).map(({ name }) => name);
  const shown = `${without.slice(0, 4).join(', ')}${without.length > 4 ? ' …' : ''}`;
  const all = plural(callbacks.length, 'other callback');
  if (without.length === 0) return [`${all} with a place in Rust`];
  return [`${without.length === callbacks.length ? all : `${without.length} of ${all}`} without a place in Rust: ${shown}`];
}

/** On which architectures a driver is built with Rust, if on few or on none; undefined if that says nothing. */
export function architectureText({ architectures }: Pick<DriverReport, 'architectures'>): string | undefined {
  if (!architectures) return undefined;
  const { built, rust } = architectures;
  if (rust.length === 0)
    return `${built.length > 3 ? 'no architecture' : `runs on ${built.join(', ')}, none`} with Rust in this kernel`;
  return rust.length <= 3 && rust.length < built.length ? `with Rust on ${rust.join(', ')}` : undefined;
}

/**
 * The score, 0-100, and what it is made of. A part about which nothing is known (a loose file has no MAINTAINERS) does not count: the others
 * are scaled up.
 */
export function scoreOf(
  driver: Omit<DriverReport, 'score' | 'scoreParts'>,
  { coverage, registered, callbacks }: ScoreInput,
): { score: number; parts: Record<PartName, ScorePart> } {
  const part = (name: PartName, share: number | null, value: number | null, text: string): ScorePart => ({
    max: WEIGHTS[name].max,
    points: share === null ? null : decimal(WEIGHTS[name].max * share, 1),
    value: value === null ? null : decimal(value),
    text,
  });
  const perThousand = (count: number): number => (1000 * count) / Math.max(100, driver.lines);
  const { uses, verdicts, complexity, maintainers, exports, dependents, lines } = driver;
  const blockers = driver.blockers.filter(({ helpers }) => !helpers);
  const sides = [mean(registered), mean(callbacks)].filter((share) => share !== null);
  const bus = sides.length === 0 ? null : sides.reduce((sum, share) => sum + share, 0) / sides.length;
  const removed = perThousand(verdicts.prevented + verdicts['with-idiom'] / 2);
  const places = complexity.interrupts + complexity.dma + complexity.locks + complexity.deferred;
  const broken = perThousand(driver.parseErrors);
  const [small, large] = SCALE.lines;
  const policy = maintainers
    ? Math.min(1, (STATUS_VALUE[maintainers.status] ?? 0.4) + (maintainers.rust.length > 0 ? 0.3 : 0))
    : null;
  // Where no architecture that it runs on has Rust, none of the abstractions is there for it.
  const nowhere = driver.architectures?.rust.length === 0;
  const where = architectureText(driver) ?? '';
  const parts: Record<PartName, ScorePart> = {
    coverage: part(
      'coverage',
      coverage !== null && nowhere ? 0 : coverage,
      coverage === null ? null : 100 * coverage,
      coverage === null
        ? 'no name of the kernel is used'
        : `${decimal(100 * coverage, 0)} % of what it uses; uses: ${uses.safe} safe, ${uses.partial} partial, ${uses.raw} raw, ${uses.none} none`,
    ),
    bus: part(
      'bus',
      bus !== null && nowhere ? 0 : bus,
      bus,
      bus === null
        ? 'registers with nothing'
        : [
            ...registered.map(
              ({ struct, value }) =>
                `${struct}: ${value === 1 ? 'has a trait' : value > 0 ? 'a trait for some of it' : 'no trait'}`,
            ),
            ...callbacksText(callbacks),
          ].join('; '),
    ),
    missing: part(
      'missing',
      nowhere ? 0 : 1 - between(0, SCALE.missingGroups, blockers.length),
      blockers.length,
      nowhere
        ? where
        : blockers.length === 0
          ? 'no abstraction is missing'
          : `${plural(blockers.length, 'abstraction')} missing: ${blockers
              .slice(0, 6)
              .map(({ group }) => group)
              .join(', ')}${blockers.length > 6 ? ' …' : ''}`,
    ),
    leaf: part(
      'leaf',
      1 - Math.max(between(0, SCALE.exports, exports), between(0, SCALE.dependents, dependents ?? 0)),
      exports + (dependents ?? 0),
      `${plural(exports, 'exported symbol')}${dependents === null ? '' : `; ${plural(dependents, 'Kconfig symbol')} of others on top`}`,
    ),
    size: part(
      'size',
      1 - between(Math.log(small), Math.log(large), Math.log(Math.max(1, lines))),
      lines,
      `${plural(lines, 'line')} in ${plural(driver.files.length, 'file')}`,
    ),
    benefit: part(
      'benefit',
      between(0, SCALE.benefit, removed),
      removed,
      `${decimal(removed, 1)} in a thousand lines; ${verdicts.prevented} prevented, ${verdicts['with-idiom']} with an idiom, ${verdicts['not-prevented']} not`,
    ),
    complexity: part(
      'complexity',
      1 - between(0, SCALE.complexity, places),
      places,
      `interrupts ${complexity.interrupts}, DMA ${complexity.dma}, locks and ordering ${complexity.locks}, deferred work ${complexity.deferred}`,
    ),
    parse: part('parse', 1 - between(0, SCALE.parseErrors, broken), broken, `${plural(driver.parseErrors, 'place')} not read`),
    policy: part(
      'policy',
      policy,
      policy,
      maintainers
        ? `${maintainers.entry}: ${maintainers.status || 'no status'}${maintainers.rust.length > 0 ? `; Rust side: ${maintainers.rust.join(', ')}` : ''}`
        : 'no entry in MAINTAINERS is known',
    ),
  };
  let points = 0;
  let max = 0;
  for (const one of Object.values(parts))
    if (one.points !== null) {
      points += one.points;
      max += one.max;
    }
  return { score: max === 0 ? 0 : Math.round((100 * points) / max), parts };
}
