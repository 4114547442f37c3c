// Writes docs/rules/<id>.md out of the rules' metadata and fixtures, and an index. node scripts/rule-pages.mjs [--check]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const bundle = join(root, 'out/rules.cjs');
await esbuild.build({
  absWorkingDir: root,
  stdin: { contents: "export { rules } from './src/core/rules';", resolveDir: root },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'es2022',
  logLevel: 'warning',
});
const { rules } = require(bundle);
const VERDICT = {
  prevented: 'Rust prevents it',
  'with-idiom': 'Rust prevents it if an idiom is kept to',
  'not-prevented': 'Rust does not prevent it',
};

/** The functions of the fixture that have a marked fault, shortened to the first two. */
function sample(id) {
  const text = readFileSync(join(root, `test/fixtures/rules/${id}.c`), 'utf8');
  const functions = text
    .split(/\n(?=(?:static |\/\* ruleid)[^\n]*\n?[^;]*?\n\{)/)
    .filter((part) => part.includes(`/* ruleid: ${id} */`));
  return functions
    .slice(0, 2)
    .join('\n')
    .replaceAll(/\/\* ruleid: [\w-]+ \*\//g, '/* reported: */')
    .replaceAll(/[\t ]*\/\* ok: [\w-]+ \*\/\n/g, '')
    .trim();
}

const page = ({ metadata: { id, title, kind, confidence, cwe, why, falsePositives, references, rust } }) => `# ${title}

\`${id}\` · ${kind} · confidence ${confidence} · [${cwe}](https://cwe.mitre.org/data/definitions/${cwe.slice(4)}.html)

${why}

\`\`\`c
${sample(id)}
\`\`\`

## In Rust

${VERDICT[rust.verdict]}. ${rust.mechanism}

${rust.items.map((item) => `- \`${item}\``).join('\n')}

## When it speaks although nothing is wrong

${falsePositives.map((line) => `- ${line}`).join('\n')}

To silence it in one place: \`/* r4l: allow(${id}): reason */\` on the line or the one before.

## Read on

${references.map((line) => `- ${line}`).join('\n')}
`;

const pages = new Map(rules.map((rule) => [`${rule.metadata.id}.md`, page(rule)]));
pages.set(
  'README.md',
  `# Rules\n\nMade of the rules' metadata by \`node scripts/rule-pages.mjs\`.\n\n| rule | kind | CWE | says |\n|---|---|---|---|\n${rules
    .map(({ metadata: { id, kind, cwe, title } }) => `| [${id}](${id}.md) | ${kind} | ${cwe} | ${title} |`)
    .join('\n')}\n`,
);
mkdirSync(join(root, 'docs/rules'), { recursive: true });
let stale = 0;
for (const [name, text] of pages) {
  const file = join(root, 'docs/rules', name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale++;
  if (process.argv.includes('--check')) console.error(`${name} is out of date`);
  else writeFileSync(file, text);
}
if (process.argv.includes('--check') && stale > 0) process.exit(1);
