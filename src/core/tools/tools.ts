import type { Analysis } from '../analysis';
import type { Catalogue, CatalogueEntry, KernelIdentity } from '../catalogue';
import { toAnnotations, toLookup } from '../ide';
import type { DriverReport, Report } from '../port';
import type { Candidate } from '../rewrite';
import { numberOf, textOf, textsOf, type Input } from './input';

/** What tools ask of the host they run in. Each throws an Error whose message says what is wrong and what to do. */
export interface ToolEngine {
  /** The catalogue of `kernel` (a tree, a version, an index file); left out, of the tree around the file `near`, else the newest. */
  catalogue(kernel: string | undefined, near: string | undefined): Promise<Catalogue>;
  /** The whole analysis of a C file. */
  analyse(path: string, kernel: string | undefined): Promise<Analysis>;
  /** The report on the drivers that have a file among `paths`. */
  report(paths: readonly string[], kernel: string | undefined): Promise<Report>;
  /** A candidate for the driver of these C files. */
  candidate(paths: readonly string[], kernel: string | undefined): Promise<Candidate>;
}

/** A look-up that language models may ask for; answers are text, most of it JSON in the field names of the command line. */
export interface Tool {
  /** Name in the Model Context Protocol; VS Code's is the same with `r4l_` before it. */
  name: string;
  title: string;
  /** Written for the model: when to ask, what comes back. */
  description: string;
  /** JSON Schema of the input. */
  inputSchema: { type: 'object'; properties: Record<string, object>; required: string[]; additionalProperties: false };
  /** @throws InputError where the input does not fit the schema; what the engine throws */
  run(input: Input, engine: ToolEngine): Promise<string>;
}

const KIND = ['function', 'macro', 'struct', 'field', 'header'] as const;
const kernel = {
  type: 'string',
  description:
    'Which kernel: a version such as "7.3", a path of a kernel tree, or an index file. Left out: the tree around the file, else the newest that is known.',
};
const files = (description: string) => ({ type: 'array', items: { type: 'string' }, minItems: 1, description });

/** Drivers that a report names when it is not said how many. */
const LIMIT = 20;

/** The tools, in the order in which they are offered. */
export const tools: readonly Tool[] = [
  {
    name: 'lookup',
    title: 'Look up the Rust side of kernel C names',
    description:
      'Says for C functions, macros, structures, callback fields and headers of the Linux kernel what Rust for Linux offers in one kernel version: the state (safe: an abstraction does the job without unsafe; partial: it covers some of it, needs unsafe or a redesign; raw: only bindings exist, which drivers should not use; none: nothing), the Rust items with file, line, signature, "since" and CONFIG_ options, and a note. Ask this before writing or judging Rust kernel code: abstractions change with each release.',
    inputSchema: {
      type: 'object',
      properties: {
        names: files(
          'C names: mutex_lock, struct names without "struct", platform_driver.probe for a callback field, linux/mutex.h',
        ),
        kind: { type: 'string', enum: KIND, description: 'A hint among namesakes.' },
        kernel,
      },
      required: ['names'],
      additionalProperties: false,
    },
    async run(input, engine) {
      const names = textsOf(input, 'names');
      const kind = textOf(input, 'kind') as CatalogueEntry['kind'] | undefined;
      const catalogue = await engine.catalogue(textOf(input, 'kernel'), undefined);
      const entries = names.map((name) =>
        toLookup(
          catalogue.lookup(
            name,
            KIND.find((known) => known === kind),
          ),
        ),
      );
      return json({ kernel: catalogue.kernel, names: entries });
    },
  },
  {
    name: 'annotate',
    title: 'Annotate a C file of the kernel',
    description:
      'Reads one C file of a kernel driver: its entry points with the Rust trait methods they become, each kernel name it uses (once, with the number of uses and the first line) with its state and Rust items, and findings: suspected memory-safety faults and constructions that Rust would check, with CWE, lines and what Rust does about them.',
    inputSchema: {
      type: 'object',
      properties: { path: { type: 'string', description: 'Path of the C file.' }, kernel },
      required: ['path'],
      additionalProperties: false,
    },
    async run(input, engine) {
      const path = textOf(input, 'path', true);
      return json(annotationsOf(path, await engine.analyse(path, textOf(input, 'kernel'))));
    },
  },
  {
    name: 'report',
    title: 'Report on porting drivers to Rust',
    description:
      'Says how fit kernel drivers are for a port to Rust: a score of 0-100 in parts with the numbers behind them, coverage of the kernel names they use, what is missing in the order in which it is needed, findings, whether a Rust candidate can be made. A file stands for its whole driver; a folder for all drivers below it, best score first.',
    inputSchema: {
      type: 'object',
      properties: {
        paths: files('C files or folders.'),
        kernel,
        limit: { type: 'integer', minimum: 1, description: `Drivers to show, best score first; left out: ${LIMIT}.` },
      },
      required: ['paths'],
      additionalProperties: false,
    },
    async run(input, engine) {
      const { drivers, ...report } = await engine.report(textsOf(input, 'paths'), textOf(input, 'kernel'));
      const best = [...drivers].sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
      const shown = best.slice(0, numberOf(input, 'limit') ?? LIMIT);
      return json({ ...report, notShown: drivers.length - shown.length, drivers: shown.map(briefly) });
    },
  },
  {
    name: 'candidate',
    title: 'Make a Rust candidate for a driver',
    description:
      'Makes a Rust module as a starting point for a port of a C driver, for the traits of one kernel version. What could not be translated stays as a comment with the C text and the reason. Where there is no abstraction for the bus, it says so and names what is nearest. Never a finished port: read it against the C.',
    inputSchema: {
      type: 'object',
      properties: { paths: files('The C file of the driver, or all of its C files.'), kernel },
      required: ['paths'],
      additionalProperties: false,
    },
    async run(input, engine) {
      const made = await engine.candidate(textsOf(input, 'paths'), textOf(input, 'kernel'));
      if (made.reason === undefined) return made.text;
      const nearest = made.nearest.length > 0 ? ` Nearest: ${made.nearest.join(', ')}.` : '';
      return `There is no candidate: ${made.reason}.${nearest}`;
    },
  },
];

const json = (value: unknown): string => JSON.stringify(value, undefined, 1);

/** A file's annotations with each name once: a driver uses some of them a hundred times. */
function annotationsOf(path: string, analysis: Analysis): object {
  const { entryPoints, apis, findings, parse } = toAnnotations(path, analysis.tree.text.length, analysis, { parse: 0, total: 0 });
  const names = new Map<string, { uses: number; [key: string]: unknown }>();
  for (const { name, kind, line, status, rust, note } of apis) {
    const key = `${kind} ${name}`;
    const known = names.get(key);
    if (known) known.uses++;
    else names.set(key, { name, kind, uses: 1, line, status, rust: rust.map(rustPath), note });
  }
  const kernelUsed: KernelIdentity = analysis.catalogue.kernel;
  return {
    path,
    kernel: kernelUsed,
    parseErrors: parse.errors,
    entryPoints: entryPoints.map(({ rust, ...point }) => ({ ...point, rust: rust.map(rustPath) })),
    names: [...names.values()],
    findings,
  };
}

const rustPath = ({ path, relation }: { path: string; relation: string }): string =>
  relation === 'nearest' ? `${path} (nearest, no equivalent)` : path;

/** A driver's report without what is long and follows from the rest. */
function briefly({ missing, blockers, ...driver }: DriverReport): object {
  return {
    ...driver,
    missing: missing.slice(0, 40),
    blockers: blockers.map(({ group, level, names, uses }) => ({
      group,
      level,
      uses,
      names: names.slice(0, 8).map(([name]) => name),
    })),
  };
}
