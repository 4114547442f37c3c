import { expect } from 'chai';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { indexTree, openCatalogue } from '../../src/core/catalogue';
import { gatherDriver, openKernelApi, rewriteDriver, type Candidate, type KernelApi } from '../../src/core/rewrite';
import type { Syntax } from '../../src/core/syntax';
import { treeReader } from '../../src/node/tree-reader';
import { roleOf } from '../../src/core/rewrite/driver/roles';
import { apiForTests, callbackTraits } from '../unit/rewrite/host';
import { syntaxForTests } from '../unit/syntax-host';
import { failures } from './compile';

const tree = process.env.KERNEL_TREE ?? '';
const out = 'out/kernel-candidates';

/** One of each bus and class, then a seeded sample. */
const FIXED = [
  'drivers/block/null_blk/main.c',
  'drivers/acpi/acpi_configfs.c',
  'drivers/char/nvram.c',
  'drivers/cpufreq/cpufreq-dt.c',
  'drivers/bluetooth/btmtkuart.c',
  'drivers/fwctl/pds/main.c',
  'drivers/gpu/drm/etnaviv/etnaviv_drv.c',
  'drivers/gpu/drm/qxl/qxl_drv.c',
  'drivers/net/phy/ax88796b.c',
  'samples/configfs/configfs_sample.c',
  'drivers/watchdog/indydog.c',
  'drivers/watchdog/meson_wdt.c',
  'drivers/watchdog/i6300esb.c',
  'drivers/hwmon/lm75.c',
  'drivers/pwm/pwm-clk.c',
  'drivers/usb/misc/cypress_cy7c63.c',
];

const noFile = (): Promise<undefined> => Promise.resolve(undefined);

(tree === '' ? describe.skip : describe)('candidates compile against the kernel crate', () => {
  let syntax: Syntax;
  let api: KernelApi;
  before(async () => {
    syntax = await syntaxForTests();
    const reader = treeReader(tree);
    const catalogue = openCatalogue(await indexTree(reader, syntax), 'tree');
    api = openKernelApi(catalogue);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
  });

  it('with both compilers, warnings as errors', async () => {
    const written: string[] = [];
    const implemented = new Set<string>();
    for (const path of [...FIXED, ...sample()]) {
      const candidate = await candidateOf(path);
      if (!candidate) continue;
      const file = join(out, `${path.replace(/\.c$/, '').replace(/\W/g, '_').toLowerCase()}.rs`);
      writeFileSync(file, candidate.text);
      written.push(file);
      for (const trait of candidate.traits) implemented.add(trait);
    }
    expect(WANTED.filter((trait) => !implemented.has(trait))).to.deep.equal([]);
    expect(written).to.have.length.greaterThan(4);
    expect(failures(written)).to.equal('');
  });

  it('of odd names and shapes', async () => {
    const path = 'test/fixtures/rewrite/odd.c';
    const parsed = syntax.parse('c', readFileSync(path, 'utf8'));
    const { text, reason } = rewriteDriver(await gatherDriver([{ path, tree: parsed }], null, noFile, syntax), api);
    expect(reason).to.equal(undefined);
    writeFileSync(join(out, 'odd.rs'), text);
    expect(failures([join(out, 'odd.rs')])).to.equal('');
  });

  async function candidateOf(path: string): Promise<Candidate | undefined> {
    const full = join(tree, path);
    const parsed = syntax.parse('c', readFileSync(full, 'utf8'));
    const read = (name: string): Promise<string | undefined> => readFile(name, 'utf8').catch(() => undefined);
    const candidate = rewriteDriver(await gatherDriver([{ path: full, tree: parsed }], tree, read, syntax), api);
    return candidate.reason !== undefined ? undefined : candidate;
  }
});

/** The traits that drivers implement: each must be among what is compiled. */
const API = apiForTests('7.3');
const WANTED = callbackTraits(API)
  .filter((trait) => roleOf(API, trait)?.candidate === true)
  .map(({ path }) => path);

/** What registers with a bus or a class that 7.3 has a trait for. */
const ELIGIBLE =
  '^(static )?(const )?struct ((platform|pci|i2c|usb|phy|auxiliary|serdev_device|cpufreq)_driver|miscdevice|pwm_ops|blk_mq_ops|fwctl_ops|drm_driver|configfs_subsystem) \\w+(\\[[^]]*\\])? = ';

/** Drivers of the tree, the same for the same seed. */
function sample(): string[] {
  const wanted = Number(process.env.SAMPLE ?? '150');
  const found = execFileSync('grep', ['-rlE', ELIGIBLE, '--include=*.c', 'drivers', 'sound'], {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const all = found.trim().split('\n').sort();
  let state = Number(process.env.SEED ?? '1') >>> 0;
  const picked: string[] = [];
  for (let i = 0; i < wanted && all.length > 0; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    picked.push(...all.splice(state % all.length, 1));
  }
  return picked;
}
