import { expect } from 'chai';
import { host } from 'virtual:mocha';
import * as vscode from 'vscode';
import { activated, eventually, extension, fixture } from './editor';

interface Manifest {
  contributes: { commands: { command: string }[]; configuration: { properties: Record<string, { default: unknown }> } };
}

describe('the extension', () => {
  it('is activated by a C file', async () => {
    await vscode.window.showTextDocument(await fixture('acme_gpio.c'));
    expect(
      await eventually(
        () => Promise.resolve(extension().isActive),
        (active) => active,
      ),
    ).to.equal(true);
  });

  it(`runs in the ${host} extension host`, async () => {
    expect((await activated()).host).to.equal(host);
  });

  // How quick it is is no matter of a test on a machine that does other things too: the figure is printed.
  it('says how long its activation took', async () => {
    const { activationMilliseconds } = await activated();
    console.log(`[mocha]       activation: ${activationMilliseconds.toFixed(1)} ms`);
    expect(activationMilliseconds).to.be.above(0);
  });

  it('registers the commands of its manifest, and none in secret but those of its lenses and its light bulb', async () => {
    await activated();
    const { contributes } = extension().packageJSON as Manifest;
    const declared = contributes.commands.map(({ command }) => command);
    const registered = (await vscode.commands.getCommands(true)).filter(
      (id) => id.startsWith('r4l.') && !id.startsWith('r4l.port.'), // the workbench's own, of the view
    );
    expect(registered.sort()).to.deep.equal(
      [...declared, 'r4l.openLens', 'r4l.openCSide', 'r4l.openRule', 'r4l.copyIdiom'].sort(),
    );
  });

  it('has a command behind its status bar item', async () => {
    await activated();
    expect(await vscode.commands.getCommands(true)).to.include('r4l.selectKernel');
  });

  it('reads the defaults that its manifest declares', () => {
    const { contributes } = extension().packageJSON as Manifest;
    for (const [name, { default: value }] of Object.entries(contributes.configuration.properties))
      expect(vscode.workspace.getConfiguration().get(name), name).to.deep.equal(value);
  });
});
