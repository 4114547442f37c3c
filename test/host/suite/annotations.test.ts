import { expect } from 'chai';
import * as vscode from 'vscode';
import type { Api } from '../../../src/extension/start';
import { activated, eventually, fixture, hoverAt, hoverOn, LABEL, lensesOf, lensTitles, positionOf } from './editor';

describe('a kernel C file', () => {
  let api: Api;
  let driver: vscode.TextDocument;
  before(async () => {
    api = await activated();
    driver = await fixture('acme_gpio.c');
    await vscode.window.showTextDocument(driver);
  });

  it('has its entry points found', async () => {
    const { entryPoints } = (await api.annotations(driver.uri))!;
    const found = entryPoints.filter(({ function: name }) => name).map(({ function: name, field }) => [name, field]);
    expect(found).to.deep.include(['acme_gpio_probe', 'probe']);
    expect(found).to.deep.include(['acme_gpio_remove', 'remove']);
    expect(found.map(([name]) => name)).to.include('acme_gpio_poll');
  });

  it('has hovers on calls', async () => {
    expect(await hoverOn(driver, 'cancel_work_sync')).to.include(LABEL);
    expect(await hoverOn(driver, 'mutex_init'))
      .to.include(LABEL)
      .and.match(/sync::|new_mutex/);
  });

  it('has hovers on types, macros and headers', async () => {
    expect(await hoverOn(driver, 'platform_device *'))
      .to.include(LABEL)
      .and.include('platform::');
    expect(await hoverOn(driver, 'module_platform_driver'))
      .to.include(LABEL)
      .and.include('module_platform_driver!');
    expect(await hoverOn(driver, 'linux/mutex.h')).to.include(LABEL);
  });

  it('has hovers on entry points, where they are hung up and where they are defined', async () => {
    for (const nth of [1, 2]) {
      const text = await hoverOn(driver, 'acme_gpio_probe', { nth });
      expect(text).to.include(LABEL).and.include('entry point').and.include('platform::Driver');
    }
  });

  it('says in the hover which kernel it speaks of', async () => {
    expect(await hoverOn(driver, 'kzalloc')).to.match(/Linux \d+\.\d+[\d.]*, shipped snapshot/);
  });

  it('has no hover on what the kernel does not offer', async () => {
    expect(await hoverOn(driver, 'return -ENOMEM')).to.equal('');
    expect(await hoverOn(driver, 'polled.')).to.equal('');
    expect(await hoverAt(driver, new vscode.Position(driver.lineCount - 1, 0))).to.equal('');
  });

  it('has lenses on the registration and on each entry point', async () => {
    expect(await lensTitles(driver, positionOf(driver, 'module_platform_driver'))).to.not.deep.equal([]);
    for (const name of ['acme_gpio_poll(', 'acme_gpio_probe(', 'acme_gpio_remove(']) {
      const titles = await lensTitles(driver, positionOf(driver, name));
      expect(titles[0], name).to.match(/^Rust: /);
      expect(titles[1], name).to.match(/^\d+ of \d+ kernel names? in Rust$/);
    }
  });

  it('has no lens on a function that only the driver calls', async () => {
    const lines = new Set((await lensesOf(driver)).map(({ range }) => range.start.line));
    const other = await fixture('acme_gpio.h');
    expect(await lensTitles(other, positionOf(other, 'acme_gpio_touch'))).to.deep.equal([]);
    expect(lines.size).to.be.at.least(4);
  });

  it('opens a pick list from a lens', async () => {
    const lens = (await lensesOf(driver)).find(({ command }) => command!.title.includes('kernel name'))!;
    const { command, arguments: args = [] } = lens.command!;
    let ended = false;
    const clicked = vscode.commands.executeCommand(command, ...(args as unknown[])).then(() => (ended = true));
    await eventually(
      async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return ended;
      },
      (closed) => closed,
    );
    expect(await clicked).to.equal(true);
  });

  it('has hovers in a header, which VS Code takes for C++', async () => {
    const header = await fixture('acme_gpio.h');
    expect(header.languageId).to.equal('cpp');
    expect(await hoverOn(header, 'mutex_lock')).to.include(LABEL);
    expect(await api.annotations(header.uri)).to.not.equal(undefined);
  });
});

describe('a C file that is not of the kernel', () => {
  it('is left alone', async () => {
    const api = await activated();
    const hello = await fixture('hello.c');
    expect(await api.annotations(hello.uri)).to.equal(undefined);
    expect(await hoverOn(hello, 'probe')).to.equal('');
    expect(await hoverOn(hello, 'free')).to.equal('');
    expect(await lensesOf(hello)).to.deep.equal([]);
  });
});

describe('a file in a kernel tree', () => {
  it('gets its abstractions from that tree', async () => {
    await activated();
    const bare = await fixture('linux/drivers/acme_bare.c');
    // A snapshot stands in while the tree is indexed.
    const text = await eventually(
      () => hoverOn(bare, 'mutex_lock'),
      (hover) => hover.includes('your tree*'),
    );
    expect(text).to.include('Linux 7.2.9, your tree').and.include('AcmeLock');
  });

  it('is told by the tree around it, without any include', async () => {
    const api = await activated();
    const { entryPoints } = (await api.annotations((await fixture('linux/drivers/acme_bare.c')).uri))!;
    expect(entryPoints.map(({ function: name }) => name)).to.include('acme_bare_start');
  });
});
