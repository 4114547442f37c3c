/**
 * `npm run bench -- TREE [--every N] [--folder drivers]`: how quick the product is, as ratios and percentiles of one run.
 * Bare parse and whole analysis take turns file by file, so that a machine whose speed drifts does not favour either.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Language, Parser } from 'web-tree-sitter';
import { addFlow, analyse, FlowMemory, hoverAt, toAnnotations, type Catalogue, type Syntax } from '../../src/core';
import { loadSyntax } from '../../src/node/assets';
import { resolveCatalogue } from '../../src/node/kernels';
import { catalogueFigures } from './catalogue';
import { percentiles } from './percentiles';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '25' }, folder: { type: 'string', default: 'drivers' } },
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.c'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function bareParser(): Promise<Parser> {
  return new Parser().setLanguage(await Language.load(readFileSync('dist/wasm/kernel-c.wasm')));
}

async function corpus(files: readonly string[], syntax: Syntax, catalogue: Catalogue): Promise<void> {
  const parser = await bareParser();
  let bare = 0;
  let whole = 0;
  let bytes = 0;
  let flow = 0;
  let understood = 0;
  let slowestFlow = { path: '', milliseconds: 0 };
  let slowest = { ratio: 0, path: '', milliseconds: 0 };
  const run = (text: string): [parsed: number, analysed: number, modelled: number, followed: number] => {
    let start = performance.now();
    parser.parse(text)?.delete();
    const parsed = performance.now() - start;
    start = performance.now();
    const tree = syntax.parse('c', text);
    const read = performance.now() - start;
    const analysis = analyse(tree, catalogue, false);
    const modelled = performance.now() - start - read;
    toAnnotations('x.c', text.length, analysis, { parse: 0, total: 0 });
    const analysed = performance.now() - start;
    start = performance.now();
    addFlow(analysis);
    return [parsed, analysed, modelled, performance.now() - start];
  };
  for (const path of files.slice(0, 40)) run(readFileSync(path, 'utf8')); // compiled by then
  for (const path of files) {
    const text = readFileSync(path, 'utf8');
    const [parsed, analysed, modelled, followed] = run(text);
    flow += followed;
    understood += modelled + followed;
    if (modelled + followed > slowestFlow.milliseconds) slowestFlow = { path, milliseconds: modelled + followed };
    bare += parsed;
    whole += analysed;
    bytes += text.length;
    if (text.length > 20_000 && analysed / parsed > slowest.ratio)
      slowest = { ratio: analysed / parsed, path, milliseconds: analysed };
  }
  const speed = (milliseconds: number) => `${(bytes / 1000 / milliseconds).toFixed(1)} MB/s`;
  console.log(`files: ${files.length}, ${(bytes / 1e6).toFixed(1)} MB`);
  console.log(
    `bare parse: ${bare.toFixed(0)} ms (${speed(bare)}); whole analysis: ${whole.toFixed(0)} ms (${speed(whole)}); ratio ${(whole / bare).toFixed(2)}`,
  );
  const share = (milliseconds: number) => `${milliseconds.toFixed(0)} ms, ${(milliseconds / bare).toFixed(2)} of the bare parse`;
  console.log(
    `model, engine and all rules: ${share(understood)}; worst ${slowestFlow.milliseconds.toFixed(0)} ms, ${slowestFlow.path}`,
  );
  console.log(`  of it following the paths of functions: ${share(flow)}`);
  console.log(
    `worst file above 20 KB: ratio ${slowest.ratio.toFixed(2)}, ${slowest.milliseconds.toFixed(0)} ms, ${slowest.path}`,
  );
}

/** The first file with about `lines` lines. */
function fileOf(lines: number, files: readonly string[]): { path: string; text: string } {
  for (const path of files) {
    const text = readFileSync(path, 'utf8');
    const count = text.split('\n').length;
    if (count >= lines && count < lines * 1.1) return { path, text };
  }
  throw new Error(`no file of ${lines} lines`);
}

function editing(files: readonly string[], syntax: Syntax, catalogue: Catalogue): void {
  const { path, text } = fileOf(5000, files);
  const document = syntax.open(text);
  const memory = new FlowMemory();
  const begun = performance.now();
  addFlow(analyse(document.tree, catalogue, false), memory);
  const first = performance.now() - begun;
  const samples: number[] = [];
  const follows: number[] = [];
  const parses: number[] = [];
  let current = text;
  let at = 0;
  for (let i = 0; i < 400; i++) {
    // Every second edit takes the letter back that the one before it typed at the start of some line.
    if (i % 2 === 0) at = current.indexOf('\n', Math.floor((current.length * ((i * 61) % 100)) / 100)) + 1;
    const change = i % 2 === 0 ? { rangeOffset: at, rangeLength: 0, text: 'x' } : { rangeOffset: at, rangeLength: 1, text: '' };
    const next = current.slice(0, at) + change.text + current.slice(at + change.rangeLength);
    const start = performance.now();
    document.update(next, [change]);
    const tree = document.tree;
    parses.push(performance.now() - start);
    const analysis = analyse(tree, catalogue, false);
    samples.push(performance.now() - start);
    addFlow(analysis, memory);
    follows.push(performance.now() - start - samples.at(-1)!);
    current = next;
  }
  document.dispose();
  console.log(`edited: ${path}`);
  percentiles('edit to tree, 5,000 lines', parses.slice(20));
  percentiles('edit to fresh annotations, 5,000 lines', samples.slice(20));
  percentiles(`findings of the edited function (of all functions: ${first.toFixed(0)} ms)`, follows.slice(20));
}

function hovering(files: readonly string[], syntax: Syntax, catalogue: Catalogue): void {
  const { text } = fileOf(5000, files);
  const analysis = analyse(syntax.parse('c', text), catalogue);
  const samples: number[] = [];
  for (const { start } of analysis.model.apis) {
    const begin = performance.now();
    hoverAt(analysis, start);
    samples.push(performance.now() - begin);
  }
  percentiles('hover', samples);
}

async function main(): Promise<void> {
  const tree = positionals[0];
  if (tree === undefined) throw new Error('usage: npm run bench -- KERNEL_TREE [--every N] [--folder FOLDER]');
  const syntax = await loadSyntax('dist');
  const start = performance.now();
  const catalogue = await resolveCatalogue(undefined, undefined, syntax, 'dist');
  console.log(`snapshot ${catalogue.kernel.version} opened in ${(performance.now() - start).toFixed(0)} ms`);
  const all = sources(join(tree, values.folder));
  await corpus(
    all.filter((_, i) => i % Number(values.every) === 0),
    syntax,
    catalogue,
  );
  editing(all, syntax, catalogue);
  hovering(all, syntax, catalogue);
  await catalogueFigures(tree, syntax);
  console.log(
    `WebAssembly memory: ${(syntax.memoryBytes / 1e6).toFixed(0)} MB, resident: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  );
}
void main();
