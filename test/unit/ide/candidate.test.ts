import { assert } from 'chai';
import {
  candidateName,
  candidateSummary,
  candidateTitle,
  implementsTrait,
  LinkedRegions,
  missingNames,
  orderExemplars,
  reasonLeft,
  regionMarkdown,
  translatedPercent,
  type Candidate,
  type RegionLink,
} from '../../../src/core';
import { rustItem, stubCatalogue } from '../stub-catalogue';

const region = (c: [number, number], rust: [number, number], more: Partial<RegionLink> = {}): RegionLink => ({
  cStart: c[0],
  cEnd: c[1],
  file: 0,
  rustStart: rust[0],
  rustEnd: rust[1],
  translated: true,
  ...more,
});

const candidate = (statements: number, translated: number, more: Partial<Candidate> = {}): Candidate => ({
  text: '',
  links: [],
  statistics: { statements, translated, allStatements: statements, allTranslated: translated, functions: 1 },
  missing: [],
  traits: [],
  nearest: [],
  ...more,
});

describe('linked regions', () => {
  // An `if` of C lines 10–19 with a statement in it, a constant that stands above it in Rust, a header's structure.
  const whole = region([10, 20], [30, 50]);
  const inner = region([12, 13], [34, 38], { translated: false });
  const constant = region([2, 3], [5, 6]);
  const header = region([0, 4], [8, 12], { file: 1 });
  const regions = new LinkedRegions([constant, header, whole, inner]);

  it('give the innermost region at a line of either side', () => {
    assert.equal(regions.atRust(31), whole);
    assert.equal(regions.atRust(35), inner);
    assert.equal(regions.atC({ file: 0, line: 12 }), inner);
    assert.equal(regions.atC({ file: 0, line: 19 }), whole);
    assert.equal(regions.atC({ file: 1, line: 2 }), header);
    assert.isUndefined(regions.atRust(50));
    assert.isUndefined(regions.atC({ file: 0, line: 20 }));
    assert.isUndefined(regions.atC({ file: 2, line: 0 }));
  });

  it('scroll within a region in proportion, and beside one from its nearest line', () => {
    assert.equal(regions.toRust({ file: 0, line: 15 }), 40);
    assert.deepEqual(regions.toC(40), { file: 0, line: 15 });
    assert.equal(regions.toRust({ file: 0, line: 9 }), 29);
    assert.deepEqual(regions.toC(13), { file: 1, line: 5 });
    assert.equal(regions.toRust({ file: 0, line: 500 }), regions.toRust({ file: 0, line: 19 })! + 481);
    assert.isUndefined(regions.toRust({ file: 2, line: 1 }));
    assert.isUndefined(new LinkedRegions([]).toC(3));
  });

  it('are left in C once each: what lies in such a region is part of it', () => {
    const outer = region([10, 20], [30, 50], { translated: false });
    assert.deepEqual(new LinkedRegions([outer, inner]).left(), [outer]);
    assert.deepEqual(regions.left(), [inner]);
  });
});

describe('a candidate in words', () => {
  it('is not called whole while anything is left', () => {
    assert.equal(translatedPercent(candidate(1000, 999)), 99);
    assert.equal(translatedPercent(candidate(1000, 1000)), 100);
    assert.equal(translatedPercent(candidate(0, 0)), 100);
    assert.equal(candidateTitle(candidate(4, 2)), 'Rust candidate · 50 % translated');
  });

  it('says why there is none and what is nearest', () => {
    const none = candidate(0, 0, {
      reason: 'Linux 7.3 has no Rust abstraction of struct acme_driver',
      nearest: ['kernel::faux'],
    });
    assert.equal(candidateTitle(none), 'No Rust candidate');
    assert.equal(
      candidateSummary(none),
      'No Rust candidate: Linux 7.3 has no Rust abstraction of struct acme_driver. Nearest: kernel::faux.',
    );
  });

  it('has the name of a Rust driver beside a C one', () => {
    assert.equal(candidateName('/linux/drivers/pwm/pwm-acme.c'), 'pwm_acme_rust.rs');
  });

  it('tells why a region was left from the comment that holds it', () => {
    const lines = ['fn f() {', '    // Left in C (no Rust equivalent of acme):', '    //     acme();', '}'];
    assert.equal(reasonLeft(lines, region([0, 1], [1, 3], { translated: false })), 'no Rust equivalent of acme');
    assert.equal(reasonLeft(lines, region([0, 1], [1, 3])), '');
  });

  it('shows places and reasons as text, not as markup', () => {
    const other = { path: 'drivers/a_b.c', start: 119, end: 134, uri: 'file:///a_b.c#L120' };
    assert.include(
      regionMarkdown('rust', { other, translated: true, reason: '' }),
      'stands for [drivers/a\\_b.c:120–134](file:///a_b.c#L120)',
    );
    const left = regionMarkdown('rust', { other: { ...other, uri: null }, translated: false, reason: 'no <b> of a_b' });
    assert.include(left, 'left in C: no &lt;b\\> of a\\_b · from `drivers/a_b.c:120–134`');
  });

  it('keeps apart what has no abstraction and what the candidate does not use', () => {
    const catalogue = stubCatalogue([
      { name: 'acme_lock', status: 'safe', rust: [rustItem('kernel::acme::lock', { relation: 'wraps' })] },
      { name: 'acme_map', status: 'none', rust: [rustItem('kernel::io', { relation: 'nearest' })], note: 'No maps.' },
    ]);
    const names = missingNames(
      candidate(9, 1, {
        missing: [
          { name: 'acme_map', uses: 2 },
          { name: 'acme_lock', uses: 1 },
        ],
      }),
      catalogue,
    );
    assert.deepEqual(names, [
      { name: 'acme_map', uses: 2, inRust: false, item: 'nearest: kernel::io', note: 'No maps.' },
      { name: 'acme_lock', uses: 1, inRust: true, item: 'kernel::acme::lock', note: '' },
    ]);
  });

  it('puts the sample of the bus first among the exemplars, each file once', () => {
    const trait = 'kernel::platform::Driver';
    const files = ['drivers/x.rs', 'samples/rust/rust_dma.rs', 'samples/rust/rust_driver_platform.rs', 'drivers/x.rs'];
    assert.deepEqual(
      orderExemplars(files.map((file) => ({ file, line: 1, trait }))).map(({ file }) => file),
      ['samples/rust/rust_driver_platform.rs', 'samples/rust/rust_dma.rs', 'drivers/x.rs'],
    );
  });

  it('knows a driver of a trait by its impl', () => {
    const text = 'struct A;\n\nimpl platform::Driver for A {\n}\n';
    assert.equal(implementsTrait(text, 'kernel::platform::Driver'), 3);
    assert.equal(implementsTrait('#[vtable]\nimpl kernel::net::phy::Driver for A {}', 'kernel::net::phy::Driver'), 2);
    assert.isUndefined(implementsTrait('// impl platform::Driver for A', 'kernel::platform::Driver'));
    assert.isUndefined(implementsTrait(text, 'kernel::pci::Driver'));
  });
});
