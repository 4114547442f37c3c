// Bundles the extension (Node and web worker), the command line `r4l` and, with --tests, the test suites.
//   node esbuild.mjs [--tests] [--production] [--watch]
// Metafiles land in out/meta/: test/unit/architecture.test.ts reads them to hold the dependency direction.
import * as esbuild from 'esbuild';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const root = import.meta.dirname;
const flag = (name) => process.argv.includes(name);
const production = flag('--production');

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  target: 'es2022',
  external: ['vscode'],
  // web-tree-sitter's ESM entry calls createRequire(import.meta.url), which is undefined in a CJS bundle.
  // yaml's own build for browsers asks for nothing of Node: the core is the same in all hosts.
  alias: {
    'web-tree-sitter': require.resolve('web-tree-sitter'),
    yaml: join(root, 'node_modules/yaml/browser/index.js'),
  },
  sourcemap: production ? false : 'linked',
  minify: production,
  metafile: true,
  logLevel: 'warning',
  define: { 'process.env.R4L_VERSION': JSON.stringify(require('./package.json').version) },
};
const node = { platform: 'node' };
const web = { platform: 'browser', mainFields: ['browser', 'module', 'main'] };

/** What the bundles read at run time: wasm files, snapshots, the pages of the rules. */
function copyAssets() {
  mkdirSync(join(root, 'dist/wasm'), { recursive: true });
  const wasm = {
    'web-tree-sitter.wasm': require.resolve('web-tree-sitter/web-tree-sitter.wasm'),
    'tree-sitter-rust.wasm': require.resolve('tree-sitter-rust/tree-sitter-rust.wasm'),
    'kernel-c.wasm': join(root, 'grammars/kernel-c.wasm'),
  };
  for (const [name, from] of Object.entries(wasm)) cpSync(from, join(root, 'dist/wasm', name));
  cpSync(join(root, 'snapshots'), join(root, 'dist/snapshots'), { recursive: true });
  cpSync(join(root, 'docs/rules'), join(root, 'dist/rules'), { recursive: true });
}

/** Every *.test.ts below a folder of test/, as paths relative to the root. */
const testsIn = (folder) =>
  readdirSync(join(root, 'test', folder), { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('test', folder, file));

/** Bundles test/host once per extension host: a virtual module lists the suites, so no glob is needed at run time. */
function hostTests(kind) {
  const dir = join(root, 'test/host/suite');
  const suites = readdirSync(dir)
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
  return {
    name: 'host-suites',
    setup(build) {
      build.onResolve({ filter: /^virtual:/ }, ({ path }) =>
        path === 'virtual:mocha' ? { path: join(dir, `mocha.${kind}.ts`) } : { path: 'suites', namespace: 'suites' },
      );
      build.onLoad({ filter: /.*/, namespace: 'suites' }, () => ({
        resolveDir: dir,
        loader: 'js',
        contents: `export function load() { ${suites.map((file) => `require('./${file}');`).join(' ')} }`,
      }));
    },
  };
}

const products = [
  { name: 'extension', ...node, entryPoints: ['src/extension/main.node.ts'], outfile: 'dist/extension.js' },
  { name: 'extension.web', ...web, entryPoints: ['src/extension/main.web.ts'], outfile: 'dist/extension.web.js' },
  { name: 'r4l', ...node, entryPoints: ['src/cli/main.ts'], outfile: 'dist/r4l.js', banner: { js: '#!/usr/bin/env node' } },
  { name: 'mcp', ...node, entryPoints: ['src/cli/mcp-server.ts'], outfile: 'dist/mcp.js' },
];
const tests = () => [
  ...['unit', 'tree'].map((folder) => ({
    name: folder,
    ...node,
    entryPoints: testsIn(folder),
    outdir: `out/${folder}`,
    outbase: `test/${folder}`,
    external: ['vscode', 'mocha', 'esbuild'],
    minify: false,
  })),
  ...(existsSync(join(root, 'test/host/suite'))
    ? ['node', 'web'].map((kind) => ({
        name: `host-${kind}`,
        ...(kind === 'node' ? node : web),
        entryPoints: ['test/host/suite/index.ts'],
        outfile: `out/host/${kind}/index.js`,
        external: kind === 'node' ? ['vscode', 'mocha'] : ['vscode'],
        plugins: [hostTests(kind)],
        minify: false,
      }))
    : []),
];

if (flag('--tests')) {
  // A test that is gone from the sources must not run on.
  for (const dir of ['out/unit', 'out/tree', 'out/host']) rmSync(join(root, dir), { recursive: true, force: true });
} else {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  copyAssets();
}
mkdirSync(join(root, 'out/meta'), { recursive: true });
for (const { name, ...options } of flag('--tests') ? tests() : products) {
  const settings = { ...common, ...options };
  if (flag('--watch')) {
    await (await esbuild.context(settings)).watch();
    continue;
  }
  // esbuild has printed what is wrong.
  const { metafile } = await esbuild.build(settings).catch(() => process.exit(1));
  writeFileSync(join(root, 'out/meta', `${name}.json`), JSON.stringify(metafile));
}
