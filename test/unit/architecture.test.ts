import { assert } from 'chai';
import { readFileSync } from 'node:fs';

interface Metafile {
  inputs: Record<string, { imports: { path: string; external?: boolean; original?: string }[] }>;
}

/** What the bundles are made of, as esbuild wrote it down when they were built (esbuild.mjs). */
const metafile = (name: string): Metafile => JSON.parse(readFileSync(`out/meta/${name}.json`, 'utf8')) as Metafile;

/** Which folders of src each folder may import from; `core` knows none but itself. */
const ALLOWED: Record<string, string[]> = {
  core: ['core'],
  node: ['core', 'node'],
  cli: ['core', 'node', 'cli'],
  extension: ['core', 'extension'],
};

/** The one file of the extension that may import what needs Node. */
const NODE_ENTRY = 'src/extension/main.node.ts';

const folderOf = (path: string): string | undefined => /^src\/(\w+)\//.exec(path)?.[1];

describe('architecture', () => {
  for (const bundle of ['extension', 'extension.web', 'r4l']) {
    it(`${bundle}: imports follow the dependency direction`, () => {
      const wrong: string[] = [];
      for (const [path, { imports }] of Object.entries(metafile(bundle).inputs)) {
        const from = folderOf(path);
        if (from === undefined) continue;
        assert.property(ALLOWED, from, `${path} lies in a folder that has no rule`);
        for (const { path: to } of imports) {
          const target = folderOf(to);
          if (target !== undefined && !ALLOWED[from]!.includes(target) && !(path === NODE_ENTRY && target === 'node'))
            wrong.push(`${path} -> ${to}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }

  it('the core reaches neither vscode nor Node, by whatever way', () => {
    const { inputs } = metafile('r4l');
    const reached = new Set<string>();
    const outside: string[] = [];
    const visit = (path: string, via: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const { path: to, external } of inputs[path]?.imports ?? []) {
        // web-tree-sitter looks for Node at run time, in code that a browser never reaches.
        if (to === '<runtime>') continue;
        if (external === true) {
          if (!path.includes('node_modules/web-tree-sitter/')) outside.push(`${via} -> ${path} -> ${to}`);
        } else visit(to, path);
      }
    };
    const core = Object.keys(inputs).filter((path) => path.startsWith('src/core/'));
    assert.isAbove(core.length, 10);
    for (const path of core) visit(path, path);
    assert.deepEqual(outside, []);
    const libraries = new Set(
      [...reached].map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter((name) => name !== undefined),
    );
    assert.sameMembers([...libraries], ['web-tree-sitter', 'yaml', 'picomatch']);
  });

  it('vscode is imported by the extension alone, and the command line is not part of it', () => {
    const importers = Object.entries(metafile('extension').inputs).filter(([, { imports }]) =>
      imports.some(({ path }) => path === 'vscode'),
    );
    assert.isNotEmpty(importers);
    for (const [path] of importers) assert.match(path, /^src\/extension\//);
    for (const path of Object.keys(metafile('extension').inputs)) assert.notMatch(path, /^src\/cli\//);
    for (const path of Object.keys(metafile('extension.web').inputs)) assert.notMatch(path, /^src\/(cli|node)\//);
  });

  it('nothing in any bundle can reach a network', () => {
    const used = ['extension', 'extension.web', 'r4l', 'mcp'].flatMap((bundle) =>
      Object.values(metafile(bundle).inputs).flatMap(({ imports }) =>
        imports
          .filter(({ external, path }) => external === true && path !== '<runtime>')
          .map(({ path }) => path.replace(/^node:/, '')),
      ),
    );
    const local = 'child_process crypto events fs fs/promises os path process url util vscode worker_threads'.split(' ');
    assert.sameMembers([...new Set(used)], local, 'a module that opens connections has no place here');
  });

  it('web-tree-sitter is imported in syntax/ alone', () => {
    for (const [path, { imports }] of Object.entries(metafile('r4l').inputs))
      if (path.startsWith('src/') && imports.some(({ path: to }) => to.includes('web-tree-sitter')))
        assert.match(path, /^src\/core\/syntax\//);
  });
});
