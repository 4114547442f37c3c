import { assert } from 'chai';
import { readFileSync } from 'node:fs';
import { STATE_VALUE, STATUS_VALUE, SCALE, WEIGHTS } from '../../../src/core';

describe('port: docs/port-score.md', () => {
  const page = readFileSync('docs/port-score.md', 'utf8');

  it('has the weights as they are', () => {
    const rows = [...page.matchAll(/^\| (.+) \| (\d+) \| (.+) \|$/gm)].map(([, title, max, how]) => [title, Number(max), how]);
    assert.deepEqual(
      rows,
      Object.values(WEIGHTS).map(({ title, max, how }) => [title, max, how]),
    );
  });

  it('what the sentences say of scales is so', () => {
    const { coverage, missing, leaf, size, benefit, complexity, parse, policy } = WEIGHTS;
    for (const [state, value] of Object.entries(STATE_VALUE)) assert.include(coverage.how, `${state} ${value}`);
    assert.include(missing.how, `none at ${SCALE.missingGroups} missing`);
    assert.include(leaf.how, `at ${SCALE.exports} of either`);
    assert.equal(SCALE.exports, SCALE.dependents);
    assert.include(size.how, `${SCALE.lines[0]} lines, none from ${SCALE.lines[1].toLocaleString('en')} on`);
    assert.include(benefit.how, `at ${SCALE.benefit}.`);
    assert.include(complexity.how, `at ${SCALE.complexity}.`);
    assert.include(parse.how, `at ${SCALE.parseErrors}.`);
    for (const [status, value] of Object.entries(STATUS_VALUE))
      assert.match(policy.how, new RegExp(`${status}(?: or \\w+)? ${value}`));
  });
});
