import { expect } from 'chai';
import * as vscode from 'vscode';
import { activated, eventually, fixture, hoverOn, LABEL, lensesOf } from './editor';

describe('a setting', () => {
  let driver: vscode.TextDocument;
  before(async () => {
    await activated();
    driver = await fixture('acme_gpio.c');
  });

  /** Runs `check` with a workspace setting; then takes the setting back. */
  async function withSetting(name: string, value: unknown, check: () => Promise<void>): Promise<void> {
    const update = (to: unknown) =>
      vscode.workspace.getConfiguration('r4l', driver.uri).update(name, to, vscode.ConfigurationTarget.Workspace);
    await update(value);
    try {
      await check();
    } finally {
      await update(undefined);
    }
  }

  it('switches hovers off and on at once: r4l.hover.enabled', async () => {
    await withSetting('hover.enabled', false, async () => {
      expect(await hoverOn(driver, 'kzalloc')).to.equal('');
      expect(await lensesOf(driver)).to.not.deep.equal([]);
    });
    expect(await hoverOn(driver, 'kzalloc')).to.include(LABEL);
  });

  it('switches lenses off and on at once: r4l.codeLens.enabled', async () => {
    await withSetting('codeLens.enabled', false, async () => {
      expect(await lensesOf(driver)).to.deep.equal([]);
      expect(await hoverOn(driver, 'kzalloc')).to.include(LABEL);
    });
    expect(await lensesOf(driver)).to.not.deep.equal([]);
  });

  const titles = async () => (await lensesOf(driver)).map(({ command }) => command!.title);
  const kinds: [name: string, title: RegExp][] = [
    ['codeLens.equivalents', /^Rust: /],
    ['codeLens.coverage', /kernel names? in Rust$/],
    ['codeLens.findings', /hazard|suspect/],
    ['codeLens.candidate', /candidate/i],
  ];
  for (const [name, title] of kinds)
    it(`switches one kind of lenses off, and no other: r4l.${name}`, async () => {
      const before = await titles();
      const others = before.filter((text) => !title.test(text));
      expect(others.length).to.be.within(1, before.length - 1);
      await withSetting(name, false, async () => {
        expect(await titles()).to.deep.equal(others);
      });
      expect(await titles()).to.deep.equal(before);
    });

  it('leaves the text in the names of the C text out of hovers: r4l.hover.inYourNames', async () => {
    expect(await hoverOn(driver, 'kzalloc')).to.include('In your names');
    await withSetting('hover.inYourNames', false, async () => {
      expect(await hoverOn(driver, 'kzalloc'))
        .to.include(LABEL)
        .and.not.include('In your names');
    });
  });

  it('leaves findings out of hovers: r4l.hover.findings', async () => {
    const finding = 'hazard `private-data-cast`';
    const hover = () => hoverOn(driver, 'platform_get_drvdata(pdev)');
    const there = await hover();
    expect(there).to.include(finding);
    await withSetting('hover.findings', false, async () => {
      expect(await hover()).to.not.include(finding);
    });
    expect(await hover()).to.equal(there);
  });

  it('leaves the documentation of the tree out of hovers: r4l.hover.documentation', async () => {
    const bare = await fixture('linux/drivers/acme_bare.c');
    const documentation = 'Acquires the lock.';
    const hover = () =>
      eventually(
        () => hoverOn(bare, 'mutex_lock('),
        (text) => text.includes('AcmeLock'),
      );
    expect(await hover()).to.include(documentation);
    await withSetting('hover.documentation', false, async () => {
      expect(await hover()).to.not.include(documentation);
    });
    expect(await hover()).to.include(documentation);
  });

  it('leaves Rust files alone: r4l.hover.rustSource, r4l.codeLens.rustSource', async () => {
    const rust = await fixture('linux/rust/kernel/sync.rs');
    const hover = () => hoverOn(rust, 'acquire(');
    await eventually(hover, (text) => text.includes('mutex_lock'));
    expect(await lensesOf(rust)).to.not.deep.equal([]);
    await withSetting('hover.rustSource', false, async () => {
      expect(await hover()).to.equal('');
      expect(await lensesOf(rust)).to.not.deep.equal([]);
    });
    await withSetting('codeLens.rustSource', false, async () => {
      expect(await lensesOf(rust)).to.deep.equal([]);
      expect(await hover()).to.include('mutex_lock');
    });
  });

  it('sets the switches that the user has not set: r4l.preset', async () => {
    const counts = async () => (await titles()).filter((text) => text.includes('kernel name'));
    await withSetting('preset', 'expert', async () => {
      expect(await counts()).to.deep.equal([]);
      expect(await hoverOn(driver, 'kzalloc')).to.not.include('In your names');
      await withSetting('codeLens.coverage', true, async () => {
        expect(await counts()).to.not.deep.equal([]);
      });
    });
    expect(await counts()).to.not.deep.equal([]);
    const hints = () =>
      vscode.languages.getDiagnostics(driver.uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Hint);
    await vscode.window.showTextDocument(driver);
    await withSetting('preset', 'newcomer', async () => {
      await eventually(
        () => Promise.resolve(hints().length),
        (count) => count > 0,
      );
    });
    await eventually(
      () => Promise.resolve(hints().length),
      (count) => count === 0,
    );
  });

  it('chooses the snapshot: r4l.kernelVersion', async () => {
    const [, version] = /Linux ([\d.]+), shipped snapshot/.exec(await hoverOn(driver, 'kzalloc'))!;
    await withSetting('kernelVersion', version, async () => {
      expect(await hoverOn(driver, 'kzalloc')).to.include('chosen by r4l.kernelVersion');
    });
    await withSetting('kernelVersion', '1.0', async () => {
      expect(await hoverOn(driver, 'kzalloc')).to.include(`Linux ${version}`);
    });
  });
});
