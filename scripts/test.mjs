// npm test [-- --only TIER,…] [--require-all]
// Runs the tiers of scripts/lib/tiers.mjs, installing what they need. The last line is `N passed, N failed, N skipped`;
// the exit code is 0 if nothing failed. With --require-all (.ci/run) what was skipped counts as failed.
import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/dependencies.mjs';
import { exitOnSignals } from './lib/process.mjs';

const usage = 'usage: npm test -- [--only TIER,…] [--require-all]';

function options(all) {
  const fail = (message) => {
    console.error(`${message}\n${usage}\ntiers: ${all.map((tier) => tier.name).join(', ')}`);
    process.exit(2);
  };
  try {
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, 'require-all': { type: 'boolean' } } });
    const only = values.only?.flatMap((names) => names.split(',')).map((name) => name.trim());
    const unknown = only?.filter((name) => !all.some((tier) => tier.name === name));
    if (unknown?.length) fail(`there is no tier ${unknown.join(', ')}`);
    return { only, requireAll: values['require-all'] ?? false };
  } catch (error) {
    return fail(error.message);
  }
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

exitOnSignals();
try {
  await ensureDependencies();
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
const { tiers } = await import('./lib/tiers.mjs'); // needs the packages
const { only, requireAll } = options(tiers);
// All but these checks run what `build` made.
const selected = tiers.filter(({ name }) => !only || only.includes(name) || (name === 'build' && only.some(usesBuild)));
const total = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
const start = performance.now();

function usesBuild(name) {
  return !['build', 'typecheck', 'lint', 'grammar'].includes(name);
}

for (const tier of selected) {
  console.log(`\n── ${tier.name} (budget ${tier.budget} s) ──`);
  const missing = await tier.needs?.();
  const begin = performance.now();
  let counts;
  let note = '';
  if (missing) {
    counts = { passed: 0, failed: 0, skipped: 1 };
    note = `; cannot run: ${missing.reason}; to enable it: ${missing.enable}`;
  } else {
    try {
      counts = await tier.run(tier.budget * 1000);
    } catch (error) {
      console.log(error.stack);
      counts = { passed: 0, failed: 1, skipped: 0 };
    }
  }
  if (requireAll && counts.skipped > 0) {
    note += '; with --require-all nothing may be skipped';
    counts = { passed: counts.passed, failed: counts.failed + counts.skipped, skipped: 0 };
  }
  for (const key of Object.keys(total)) total[key] += counts[key];
  const verdict = counts.failed > 0 ? 'FAILED' : missing ? 'skipped' : 'ok';
  const line = `${tier.name.padEnd(10)} ${verdict.padEnd(8)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
  summary.push(`${line}, ${seconds(begin)} of ${tier.budget} s${note}`);
  console.log(summary.at(-1));
  if (tier.name === 'build' && counts.failed > 0) break;
}
console.log(`\n── summary (${seconds(start)}) ──\n${summary.join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
