import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { indexTree, openCatalogue, type RustItem } from '../../src/core/catalogue';
import { curatedEntries } from '../../src/core/catalogue/curated';
import { statedPath } from '../../src/core/catalogue/curated/model';
import { treeReader } from '../../src/node/tree-reader';
import { syntaxForTests } from '../unit/syntax-host';
import { pathPrograms, type PathProgram } from './path-program';

const tree = process.env.KERNEL_TREE ?? '';
const out = 'out/kernel-paths';
const build = join(
  process.env.KERNEL_CHECK ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'r4l-kernel-check'),
  'newest/7.3',
);

/** What rustc says of names and members that are not there or not public; it may say anything else of lone paths (types to infer …). */
const MISSING = /^E0(?:40[545]|41[12]|42[3456]|43[0123]|53[12]|574|576|599|603|616|624)$/;

(tree === '' ? describe.skip : describe)('paths of the catalogue', () => {
  it('are paths for rustc, all that it has and all that it offers for a C name', async () => {
    const catalogue = openCatalogue(await indexTree(treeReader(tree), await syntaxForTests()), 'tree');
    const built = new Set(readFileSync(join(build, 'include/generated/rustc_cfg'), 'utf8').match(/CONFIG_\w+/g));
    const items = catalogue.items();
    const kinds = new Map(items.map((item): [string, RustItem['kind']] => [item.path, item.kind]));
    const compiled = (item: RustItem): boolean => item.config.every((symbol) => built.has(symbol));
    const offered = catalogue.names().flatMap((name) => catalogue.lookup(name).rust);
    for (const item of offered) kinds.set(item.path, item.kind);
    const curated = curatedEntries
      .flatMap(({ rust, nearest = [] }) => [...rust, ...nearest].map((text) => statedPath(text).path))
      .filter((path) => !path.includes('$') && catalogue.hasItem(path) && !kinds.has(path));
    const paths = new Set([...[...items, ...offered].filter(compiled).map(({ path }) => path), ...curated]);
    expect(paths.size).to.be.greaterThan(0.9 * items.length);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const wrong = pathPrograms(paths, kinds).flatMap((program, index) => refused(program, join(out, `paths_${index}.rs`)));
    // FIXME: that an item is for 32 bits only, not(CONFIG_64BIT), is no fact of the catalogue.
    expect(wrong).to.deep.equal([
      'kernel::num::casts::arch::usize_as_u32: E0432 unresolved import `kernel::num::casts::arch::usize_as_u32`',
    ]);
  });
});

/** The paths of a program that the compiler does not know, each with what it says. */
function refused(program: PathProgram, file: string): string[] {
  writeFileSync(file, program.text);
  const { stderr } = spawnSync('scripts/kernel-check/check.sh', ['--json', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return stderr.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const { code, message, spans } = JSON.parse(line) as {
      code: { code: string } | null;
      message: string;
      spans: { line_start: number }[];
    };
    if (code === null || !MISSING.test(code.code) || /trait bounds/.test(message)) return [];
    const path = program.paths.get((spans[0]?.line_start ?? 0) - 1);
    return [`${path ?? '?'}: ${code.code} ${message}`];
  });
}
