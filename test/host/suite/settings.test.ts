import { expect } from 'chai';
import * as vscode from 'vscode';
import { activated, fixture, hoverOn, LABEL, lensesOf } from './editor';

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
