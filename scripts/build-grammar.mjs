// Builds grammars/kernel-c.wasm from grammars/kernel-c with nothing but Debian's packages (tree-sitter of sid, clang and lld of
// bookworm), which are unpacked into .vscode-test/grammar-tools (or $R4L_GRAMMAR_TOOLS) and not installed:
//   npm run build:grammar              builds, and writes the wasm and grammars/kernel-c/PROVENANCE.json
//   npm run build:grammar -- --check   builds, and compares with what is committed: the wasm, or where the archive has other versions of
//                                      the tools by now, the generated parser.c
//   npm run build:grammar -- --tools   only fetches the tools
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root, toolsDir } from './lib/root.mjs';

const require = createRequire(import.meta.url);
const grammar = join(root, 'grammars/kernel-c');
const wasmFile = join(root, 'grammars/kernel-c.wasm');
const provenanceFile = join(grammar, 'PROVENANCE.json');
const check = process.argv.includes('--check');

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const committed = existsSync(provenanceFile) ? JSON.parse(readFileSync(provenanceFile, 'utf8')) : undefined;

// ---- tools

const SUITES = {
  sid: 'tree-sitter-cli libc6 libgcc-s1',
  bookworm: 'clang-19 lld-19 libllvm19 libclang-cpp19 libclang-common-19-dev',
};
/** libc6 and libgcc-s1 are only there to run tree-sitter: they leave no trace in what it makes. */
const RECORDED = ['tree-sitter-cli', 'clang-19', 'lld-19', 'libllvm19'];

/** Downloads and unpacks the packages unless they are there. @returns {{ directory: string, versions: Record<string, string> }} */
function tools() {
  const directory = process.env.R4L_GRAMMAR_TOOLS ?? join(toolsDir, 'grammar-tools');
  const done = join(directory, 'versions.json');
  if (!existsSync(done)) {
    rmSync(directory, { recursive: true, force: true });
    const apt = join(directory, 'apt');
    for (const part of ['lists/partial', 'cache/archives/partial', 'preferences', 'deb'])
      mkdirSync(join(apt, part), { recursive: true });
    const key = '/usr/share/keyrings/debian-archive-keyring.gpg';
    const lines = Object.keys(SUITES).map((suite) => `deb [signed-by=${key}] ${mirror()} ${suite} main\n`);
    writeFileSync(join(apt, 'sources.list'), lines.join(''));
    const options = {
      'Dir::Etc::sourcelist': join(apt, 'sources.list'),
      'Dir::Etc::sourceparts': '-',
      'Dir::Etc::preferencesparts': join(apt, 'preferences'),
      'Dir::State::lists': join(apt, 'lists'),
      'Dir::Cache': join(apt, 'cache'),
      'Dir::State::status': '/dev/null',
      'APT::Sandbox::User': 'root',
      'Acquire::Languages': 'none',
      'Acquire::Retries': '5',
    };
    const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    const aptGet = (...args) =>
      execFileSync('apt-get', ['-qq', ...settings, ...args], { cwd: join(apt, 'deb'), stdio: 'inherit' });
    aptGet('update');
    const versions = {};
    for (const [suite, names] of Object.entries(SUITES)) {
      aptGet('download', ...names.split(' ').map((name) => `${name}/${suite}`));
      for (const deb of readdirSync(join(apt, 'deb'))) {
        const path = join(apt, 'deb', deb);
        const [name, version] = execFileSync('dpkg-deb', ['-f', path, 'Package', 'Version'], { encoding: 'utf8' }).match(
          /(?<=: ).*/g,
        );
        execFileSync('dpkg-deb', ['-x', path, join(directory, suite)]);
        versions[name] = version;
        rmSync(path);
      }
    }
    rmSync(apt, { recursive: true });
    writeFileSync(done, JSON.stringify(versions));
  }
  return { directory, versions: JSON.parse(readFileSync(done, 'utf8')) };
}

/** The mirror that the system uses. */
function mirror() {
  const directory = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : []),
  ];
  for (const file of files.filter((name) => /\.(list|sources)$/.test(name) && existsSync(name))) {
    const uri = /https?:\/\/\S+\/debian\/?(?=\s|$)/.exec(readFileSync(file, 'utf8'));
    if (uri) return uri[0];
  }
  return 'http://deb.debian.org/debian';
}

// ---- build

/** Generates parser.c and compiles it with the scanner into `wasm`. The names of debug sections and paths don't get into it. */
function build(directory, wasm) {
  writeFileSync(join(grammar, 'src/annotations.h'), require(join(grammar, 'vocabulary.js')).header());
  const libraries = join(directory, 'sid/usr/lib/x86_64-linux-gnu');
  execFileSync(
    join(libraries, 'ld-linux-x86-64.so.2'),
    ['--library-path', libraries, join(directory, 'sid/usr/bin/tree-sitter'), 'generate', 'grammar.js'],
    { cwd: grammar, stdio: 'inherit' },
  );
  const bin = join(directory, 'bookworm/usr/lib/llvm-19/bin');
  const env = { ...process.env, LD_LIBRARY_PATH: join(directory, 'bookworm/usr/lib/x86_64-linux-gnu') };
  const objects = mkdtempSync(join(tmpdir(), 'r4l-grammar-'));
  try {
    const target = '--target=wasm32-unknown-unknown -c -fPIC -fvisibility=hidden -std=c11 -ffreestanding -Wall -Werror'.split(
      ' ',
    );
    for (const [source, optimization] of [
      ['parser', '-Os'],
      ['scanner', '-O2'],
    ]) {
      const files = ['-isystem', 'include', '-I', 'src', `src/${source}.c`, '-o', join(objects, `${source}.o`)];
      execFileSync(join(bin, 'clang-19'), [...target, optimization, ...files], { cwd: grammar, env, stdio: 'inherit' });
    }
    const link = '-shared --experimental-pic --no-entry --allow-undefined --export=tree_sitter_c --strip-all'.split(' ');
    const inputs = ['parser.o', 'scanner.o'].map((name) => join(objects, name));
    execFileSync(join(bin, 'wasm-ld'), [...link, ...inputs, '-o', wasm], { env, stdio: 'inherit' });
  } finally {
    rmSync(objects, { recursive: true });
  }
}

/** Hash of all that the wasm is made from here: whether it is up to date can be checked without building (test/unit/grammar). */
export function hashOfSources() {
  const hash = createHash('sha256');
  const files = ['grammar', 'src', 'include'].flatMap((part) =>
    readdirSync(join(grammar, part)).map((name) => `${part}/${name}`),
  );
  const made = /^src\/(annotations\.h|parser\.c|.*\.json|tree_sitter)$/;
  const own = ['grammar.js', 'vocabulary.js', 'annotations.curated.json', 'annotations.derived.json', ...files].filter(
    (file) => !made.test(file),
  );
  for (const file of own.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(grammar, file)))
      .update('\0');
  return hash.digest('hex');
}

function describe(wasm, versions) {
  const treeSitterC = require('tree-sitter-c/package.json');
  const parser = readFileSync(join(grammar, 'src/parser.c'), 'utf8');
  const number = (name) => Number(new RegExp(`^#define ${name} (\\d+)$`, 'm').exec(parser)?.[1]);
  const bytes = readFileSync(wasm);
  return {
    wasm: { sha256: sha256(bytes), bytes: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length },
    sources: { sha256: hashOfSources() },
    parser: {
      sha256: sha256(parser),
      bytes: Buffer.byteLength(parser),
      abi: number('LANGUAGE_VERSION'),
      states: number('STATE_COUNT'),
    },
    base: {
      package: 'tree-sitter-c',
      version: treeSitterC.version,
      license: treeSitterC.license,
      repository: treeSitterC.repository,
    },
    tools: Object.fromEntries(RECORDED.map((name) => [name, versions[name]])),
  };
}

/** Why what was built isn't what is committed; empty if it is. */
function differences(built) {
  if (!committed) return ['there is no PROVENANCE.json'];
  const found = [];
  if (sha256(readFileSync(wasmFile)) !== committed.wasm.sha256)
    found.push('grammars/kernel-c.wasm is not the file that PROVENANCE.json describes');
  if (built.sources.sha256 !== committed.sources.sha256) found.push('the sources have changed since the build');
  if (built.parser.sha256 !== committed.parser.sha256) found.push('the generated parser.c differs');
  const sameTools = JSON.stringify(built.tools) === JSON.stringify(committed.tools);
  if (!sameTools)
    console.log(`other tools than those of the committed build, the wasm is not compared: ${JSON.stringify(built.tools)}`);
  else if (built.wasm.sha256 !== committed.wasm.sha256) found.push('the wasm differs');
  return found;
}

/** Builds; then compares with what is committed, or writes it. */
function main() {
  const { directory, versions } = tools();
  if (process.argv.includes('--tools')) return;
  const scratch = mkdtempSync(join(tmpdir(), 'r4l-grammar-'));
  try {
    const wasm = join(scratch, 'kernel-c.wasm');
    build(directory, wasm);
    const built = describe(wasm, versions);
    if (check) {
      const found = differences(built);
      for (const difference of found) console.error(difference);
      if (found.length > 0) process.exitCode = 1;
      else console.log('grammars/kernel-c.wasm is the build of its sources');
    } else {
      copyFileSync(wasm, wasmFile);
      writeFileSync(provenanceFile, `${JSON.stringify(built, null, 2)}\n`);
      console.log(JSON.stringify(built.wasm));
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) main();
