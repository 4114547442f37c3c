import type { TreeReader } from '../catalogue';
import { buildFolderOf, makeIn, type BuildFolder } from './build-folder';
import { compareVersions, versionOfMakefile } from '../kernel-version';
import { conditionsOf, parseConfiguration, selectsOf, sourceArch, type Condition, type Configuration } from './configuration';
import { evaluate, parseExpression, unmetSymbols, type ValueOf } from '../kconfig';
import { parseMinVersions } from './min-versions';

/** What this machine has, as the tools themselves say; null for what is not there. */
export interface FoundTools {
  rustc: string | null;
  bindgen: string | null;
  /** The libclang that bindgen uses. */
  libclang: string | null;
  /** Whether the sources of Rust's `core` library lie where rustc looks for them. */
  coreSources: boolean;
  /** What tools say that are there and cannot be run, by their names: no toolchain is chosen, libclang is not found. */
  failures?: Partial<Record<ToolName, string>>;
}

export type ToolName = 'rustc' | 'bindgen' | 'libclang' | 'core sources';

/** A tool that Rust in the kernel needs. */
export interface ToolState {
  tool: ToolName;
  /** The oldest version that will do; null where any does, or where the tree does not say. */
  needed: string | null;
  /** Whether this kernel was tested with that very version, and warns of newer ones. */
  exact: boolean;
  /** What is there; null if nothing is, or if tools were not asked. */
  found: string | null;
  /** `newer`: than the one version that this kernel was tested with; it may or may not work. */
  state: 'ok' | 'newer' | 'too old' | 'missing' | 'fails' | 'not looked for';
  /** What a tool says that fails; empty for others. */
  problem: string;
}

/** A condition of CONFIG_RUST that does not hold. */
export interface Blocker extends Condition {
  /** The symbols that keep it from holding, with their values: `MODVERSIONS` is `y`. */
  because: { symbol: string; value: string }[];
  /** Whether it is written in a way that is not evaluated here. */
  unknown: boolean;
}

/** Whether a kernel tree is ready to be built with Rust. */
export interface Readiness {
  /** `7.3.4`; null if the Makefile does not say. */
  version: string | null;
  /** The directory of the architecture, `x86`. */
  arch: string;
  /** Whether the tree has Rust support at all. */
  supported: boolean;
  tools: ToolState[];
  /** The folder in which the kernel is built, as `make O=` takes it in the tree; empty for the tree itself. */
  build: string;
  /** What checks the tools, in the tree: `make rustavailable`, with the architecture and compiler that .config is for. */
  check: string;
  /** CONFIG_RUST in .config; `no .config` if there is none. */
  rust: 'y' | 'n' | 'no .config';
  /** What `make menuconfig` calls the option. */
  prompt: string;
  /** Why CONFIG_RUST cannot be set as .config stands, in the order of init/Kconfig. */
  blockers: Blocker[];
}

const INIT = 'init/Kconfig';

/**
 * Reads from a kernel tree what Rust needs, and compares it with what is there.
 * @param found what this machine has; null if it was not asked
 * @param hostArch ARCH of this machine, for a tree that is not configured: `x86_64`
 * @param stated the folder in which the user builds it; without, it is looked for in the tree
 */
export async function readinessOf(
  reader: TreeReader,
  found: FoundTools | null,
  hostArch: string,
  stated?: BuildFolder,
): Promise<Readiness> {
  const [makefile = '', minimum = '', init = '', check = ''] = await Promise.all(
    ['Makefile', 'scripts/min-tool-version.sh', INIT, 'scripts/rust_is_available.sh'].map((path) => reader.read(path)),
  );
  const { path: build, config } = await buildFolderOf(reader, stated);
  const configuration = config === undefined ? undefined : parseConfiguration(config);
  const makeArch = configuration?.arch ?? hostArch;
  const arch = sourceArch(makeArch, makefile);
  const llvm = configuration?.valueOf('CC_IS_CLANG') === 'y' && configuration.valueOf('LD_IS_LLD') === 'y';
  const rust = conditionsOf('RUST', INIT, init);
  const needed = parseMinVersions(minimum, { SRCARCH: arch, ARCH: makeArch });
  return {
    version: versionOfMakefile(makefile) ?? null,
    arch,
    supported: rust !== undefined && needed.has('rustc'),
    // Early kernels ask for one very version: their own check warns of newer ones.
    tools: toolStates(needed, found, check.includes('is too new')),
    build,
    check: [
      makeIn(build),
      ...(arch === sourceArch(hostArch, makefile) ? [] : [`ARCH=${makeArch}`]),
      ...(llvm ? ['LLVM=1'] : []),
      'rustavailable',
    ].join(' '),
    rust: configuration ? (configuration.valueOf('RUST') === 'y' ? 'y' : 'n') : 'no .config',
    prompt: rust?.prompt ?? '',
    blockers: configuration && rust ? await blockersOf(rust.depends, configuration, arch, reader) : [],
  };
}

function toolStates(needed: ReadonlyMap<string, string>, found: FoundTools | null, warnsOfNewer: boolean): ToolState[] {
  const state = (tool: ToolName, minimum: string | null, have: string | null): ToolState => {
    const order = have !== null && minimum !== null ? compareVersions(have, minimum) : 0;
    const exact = warnsOfNewer && (tool === 'rustc' || tool === 'bindgen');
    const problem = found?.failures?.[tool] ?? '';
    const known =
      have === null ? (problem === '' ? 'missing' : 'fails') : order < 0 ? 'too old' : exact && order > 0 ? 'newer' : 'ok';
    // It is bindgen that says which libclang it uses.
    const unasked = found === null || (tool === 'libclang' && found.bindgen === null);
    return { tool, needed: minimum, exact, found: have, state: unasked ? 'not looked for' : known, problem };
  };
  return [
    state('rustc', needed.get('rustc') ?? null, found?.rustc ?? null),
    state('bindgen', needed.get('bindgen') ?? null, found?.bindgen ?? null),
    state('libclang', needed.get('llvm') ?? null, found?.libclang ?? null),
    state('core sources', null, found?.coreSources ? 'there' : null),
  ];
}

/** The conditions that do not hold. Where the architecture does not offer Rust, what it asks for takes the place of HAVE_RUST. */
async function blockersOf(
  depends: readonly Condition[],
  { valueOf }: Configuration,
  arch: string,
  reader: TreeReader,
): Promise<Blocker[]> {
  const blockers: Blocker[] = [];
  for (const condition of depends) {
    if (condition.text === 'HAVE_RUST' && valueOf('HAVE_RUST') === undefined) {
      const file = `arch/${arch}/Kconfig`;
      const selects = selectsOf('HAVE_RUST', file, (await reader.read(file)) ?? '');
      const wanting = selects.flatMap((one) => unmet(one, valueOf) ?? []);
      // One of them is enough.
      if (wanting.length > 0 && wanting.length === selects.length) {
        blockers.push(...wanting);
        continue;
      }
    }
    const blocker = unmet(condition, valueOf);
    if (blocker) blockers.push(blocker);
  }
  return blockers;
}

/** A condition with what keeps it from holding; undefined if it holds. */
function unmet(condition: Condition, valueOf: ValueOf): Blocker | undefined {
  if (condition.text === '') return undefined;
  const expression = parseExpression(condition.text);
  if (!expression) return { ...condition, because: [], unknown: true };
  if (evaluate(expression, valueOf) > 0) return undefined;
  const because = unmetSymbols(expression, valueOf).map((symbol) => ({ symbol, value: valueOf(symbol) ?? 'n' }));
  return { ...condition, because, unknown: false };
}

/** Whether the tree can be built with Rust as it stands. */
export const isReady = ({ supported, tools, rust }: Readiness): boolean =>
  supported && rust === 'y' && tools.every(({ state }) => state === 'ok' || state === 'newer');
