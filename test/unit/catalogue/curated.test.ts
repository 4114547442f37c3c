import { assert } from 'chai';
import { curatedEntries, curatedFor } from '../../../src/core/catalogue/curated';
import { missing } from '../../../src/core/catalogue/curated/missing';
import { isLibraryPath, statedPath } from '../../../src/core/catalogue/curated/model';
import { compareVersions } from '../../../src/core/kernel-version';

const RELEASES = ['6.1', '6.12', '7.2', '7.3'];

describe('catalogue: curated entries', () => {
  it('each is about names or a pattern that is anchored, and says something', () => {
    for (const entry of curatedEntries) {
      const about = entry.names?.join(' ') ?? entry.pattern!.source;
      assert.isTrue((entry.names?.length ?? 0) > 0 || entry.pattern !== undefined, about);
      for (const alternative of entry.pattern?.source.split(/\|(?=\^)/) ?? []) assert.match(alternative, /^\^.*\$$/, about);
      if (entry.rust.length > 0) assert.notEqual(entry.reason, '', about);
      for (const path of [...entry.rust, ...(entry.nearest ?? [])].map((text) => statedPath(text).path)) {
        assert.isTrue(isLibraryPath(path) || /^(?:kernel|macros|pin_init)(?:::[\w$]+)*$/.test(path), path);
      }
      for (const { from } of entry.rust.map(statedPath)) if (from !== undefined) assert.include(RELEASES, from, about);
    }
  });
  it('no name is listed twice for the same kernel', () => {
    for (const release of RELEASES) {
      const seen = new Set<string>();
      for (const entry of curatedEntries) {
        if (entry.from !== undefined && compareVersions(release, entry.from) < 0) continue;
        if (entry.until !== undefined && compareVersions(release, entry.until) > 0) continue;
        const usable =
          entry.rust.length === 0 || entry.rust.some((text) => compareVersions(release, statedPath(text).from ?? '7.2') >= 0);
        if (!usable) continue;
        for (const name of entry.names ?? []) {
          assert.isFalse(seen.has(name), `${name} in ${release}`);
          seen.add(name);
        }
      }
    }
  });
  it('hold only for kernels that have what they name', () => {
    const has = (paths: string[]) => (path: string) => isLibraryPath(path) || paths.includes(path);
    assert.isDefined(curatedFor('kfree', 'function', '7.3.4', has(['kernel::alloc::KBox'])));
    assert.isUndefined(curatedFor('kfree', 'function', '6.1.0', has([])), 'Drop alone is no kfree');
    assert.isDefined(curatedFor('memcpy', 'function', '6.1.0', has([])), 'slices are in core');
    assert.deepEqual(curatedFor('spin_lock_irqsave', 'macro', '7.2.1', has(['kernel::sync::SpinLockIrq']))?.rust, []);
  });
  it('a pattern is no answer for fields and headers', () => {
    assert.isUndefined(curatedFor('trace_x.h', 'header', '7.3.4', () => true));
  });
});

describe('catalogue: missing subsystems', () => {
  it('patterns are anchored', () => {
    for (const { pattern } of missing)
      for (const alternative of pattern.source.split(/\|(?=\^)/)) assert.match(alternative, /^\^.*\$$/);
  });
});
