// What `npm test` runs, in order. A tier is
//   { name, budget: seconds, needs?: () => Promise<{ reason, enable } | undefined>, run: (timeoutMs) => Promise<Counts> }
// where `needs` installs what the tier needs and says what it could not get. Installing is not on the tier's budget.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installChromium } from './chromium.mjs';
import { installCodeServer } from './code-server.mjs';
import { fetchKernelTrees, treeOf, treesDir } from './kernel-trees.mjs';
import { bundleKernelTests, setUp, unavailable } from '../kernel-check/test.mjs';
import { desktopAvailable, runInCodeServer, runInDesktop } from './host.mjs';
import { run } from './process.mjs';
import { root } from './root.mjs';

/** One check that is a command: passed if it exits 0. */
async function command(timeoutMs, ...commands) {
  const deadline = Date.now() + timeoutMs;
  let failed = false;
  for (const args of commands) {
    const { code, timedOut } = await run(process.execPath, args, { timeoutMs: Math.max(1, deadline - Date.now()) });
    if (timedOut) console.log(`${args[0]}: killed, the budget is spent`);
    else if (code !== 0) console.log(`${args.join(' ')}: exit ${code}`);
    failed ||= code !== 0;
  }
  return { passed: failed ? 0 : 1, failed: failed ? 1 : 0, skipped: 0 };
}

/**
 * Counts a Mocha run by its RESULT line. Whatever the line says, these are failures too: no line (the run was ended early),
 * no test at all, a bad exit code without a failed test, the time being over.
 */
export function counts({ result, code, timedOut }) {
  const { passes = 0, failures = 0, pending = 0 } = result ?? {};
  const complaint = timedOut
    ? 'killed, the budget is spent'
    : !result
      ? `ended without a result (exit ${code})`
      : passes + failures === 0
        ? 'no test ran'
        : code !== 0 && failures === 0
          ? `exit ${code} although no test failed`
          : undefined;
  if (complaint) console.log(complaint);
  return { passed: passes, failed: failures + (complaint ? 1 : 0), skipped: pending };
}

/** Mocha over files that `pattern` finds. */
async function mocha(timeoutMs, files, ...options) {
  let result;
  const onLine = (line) => {
    if (line.startsWith('RESULT ')) result = JSON.parse(line.slice('RESULT '.length));
    else console.log(line);
  };
  const reporter = join(import.meta.dirname, 'mocha-result.cjs');
  const args = ['node_modules/mocha/bin/mocha.js', '--no-config', '--forbid-only', '--reporter', reporter, ...options, ...files];
  const ended =
    files.length > 0
      ? await run(process.execPath, args, {
          timeoutMs,
          onLine,
          env: { ...process.env, R4L_TREES: treesDir, KERNEL_TREE: treeOf('7.3') },
        })
      : { code: 0, timedOut: false };
  return counts({ ...ended, result });
}

/** The bundled tests of test/unit or test/tree, as paths. */
const bundled = (folder) =>
  readdirSync(join(root, 'out', folder), { recursive: true })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => join('out', folder, file));

/** The compiler and tree-sitter that build the grammar. They are Debian's for x86-64; elsewhere the build cannot be repeated. */
async function grammarTools() {
  const enable = 'run it on Debian on x86-64, where apt-get can download';
  if (process.arch !== 'x64' || !existsSync('/usr/bin/apt-get')) return { reason: 'this is not Debian on x86-64', enable };
  const { code } = await run(process.execPath, ['scripts/build-grammar.mjs', '--tools'], { timeoutMs: 10 * 60_000 });
  return code === 0 ? undefined : { reason: 'clang or tree-sitter could not be downloaded', enable };
}

/** code-server and Chromium, for the tiers that show the workbench. */
const workbench = async () => (await installCodeServer()) ?? (await installChromium());

let desktop;
const hasDesktop = async () => (desktop ??= await desktopAvailable());

export const tiers = [
  {
    name: 'build',
    budget: 60,
    run: (timeoutMs) => command(timeoutMs, ['esbuild.mjs'], ['esbuild.mjs', '--tests']),
  },
  {
    name: 'typecheck',
    budget: 90,
    run: (timeoutMs) => command(timeoutMs, ['node_modules/typescript/bin/tsc', '--noEmit']),
  },
  {
    name: 'lint',
    budget: 240,
    run: (timeoutMs) =>
      command(
        timeoutMs,
        ['node_modules/eslint/bin/eslint.js', '.'],
        ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
      ),
  },
  {
    name: 'unit',
    budget: 180,
    run: (timeoutMs) => mocha(timeoutMs, bundled('unit'), '--timeout', '20000'),
  },
  {
    name: 'grammar',
    budget: 240,
    needs: grammarTools,
    run: (timeoutMs) => command(timeoutMs, ['scripts/build-grammar.mjs', '--check']),
  },
  {
    name: 'tree',
    budget: 300,
    needs: async () => {
      const reason = await fetchKernelTrees();
      return reason && { reason, enable: 'unpack linux-source-7.3, -7.2, -6.12 and -6.1 in a folder and set R4L_TREES to it' };
    },
    run: (timeoutMs) => mocha(timeoutMs, bundled('tree'), '--timeout', '120000'),
  },
  {
    name: 'kernel',
    budget: 600,
    needs: async () => {
      const reason = unavailable() ?? (await setUp());
      return reason && { reason, enable: 'run npm run test:kernel as root on Debian 12, amd64' };
    },
    run: async (timeoutMs) => mocha(timeoutMs, await bundleKernelTests(), '--timeout', '580000'),
  },
  {
    name: 'host-node',
    budget: 240,
    needs: async () => ((await hasDesktop()) ? undefined : workbench()),
    run: async (timeoutMs) => counts(await ((await hasDesktop()) ? runInDesktop(timeoutMs) : runInCodeServer('node', timeoutMs))),
  },
  {
    name: 'host-web',
    budget: 240,
    needs: workbench,
    run: async (timeoutMs) => counts(await runInCodeServer('web', timeoutMs)),
  },
  {
    name: 'package',
    budget: 360,
    needs: workbench,
    run: (timeoutMs) =>
      mocha(timeoutMs, ['test/package/package.test.mjs', 'test/package/report-page.test.mjs'], '--timeout', '240000'),
  },
];
