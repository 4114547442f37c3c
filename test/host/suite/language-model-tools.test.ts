import { expect } from 'chai';
import * as vscode from 'vscode';
import { activated, fixtureUri } from './editor';

/** Asks a tool as a chat does; gives its text. */
async function ask(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part as vscode.LanguageModelTextPart).value).join('');
}

describe('tools for language models', () => {
  before(() => activated());

  it('are offered to chats', () => {
    const offered = vscode.lm.tools.map(({ name }) => name);
    expect(offered).to.include.members(['r4l_lookup', 'r4l_annotate', 'r4l_report', 'r4l_candidate']);
  });

  it('look up C names for the kernel in use', async () => {
    const { names } = JSON.parse(await ask('r4l_lookup', { names: ['mutex_lock', 'regmap_read'], kernel: '7.3' })) as {
      names: { name: string; status: string }[];
    };
    expect(names.map(({ name, status }) => [name, status])).to.deep.equal([
      ['mutex_lock', 'safe'],
      ['regmap_read', 'none'],
    ]);
  });

  it('report on the driver of a file', async () => {
    const path = fixtureUri('acme_gpio.c').path;
    const { drivers } = JSON.parse(await ask('r4l_report', { paths: [path] })) as {
      drivers: { name: string; score: number; buses: string[] }[];
    };
    expect(drivers).to.have.length(1);
    expect(drivers[0]).to.include({ name: 'acme_gpio' });
    expect(drivers[0]!.buses).to.deep.equal(['platform']);
    expect(drivers[0]!.score).to.be.within(0, 100);
  });

  it('make a candidate', async () => {
    expect(await ask('r4l_candidate', { paths: [fixtureUri('acme_gpio.c').path] })).to.include('impl platform::Driver for');
  });
});
