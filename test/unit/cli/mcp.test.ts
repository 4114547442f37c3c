import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { assert } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SAMPLE = 'test/fixtures/sample/acme_wdt.c';

/** The SDK's own client against `r4l mcp`, as an agent starts it. */
describe('r4l mcp', function () {
  this.timeout(30_000);
  let home: string;
  let client: Client;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'r4l-mcp-'));
    client = new Client({ name: 'test', version: '1' });
    const env = { PATH: process.env.PATH ?? '', HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
    await client.connect(new StdioClientTransport({ command: process.execPath, args: ['dist/r4l.js', 'mcp'], env }));
  });
  after(async () => {
    await client.close();
    rmSync(home, { recursive: true });
  });

  const call = async (name: string, args: Record<string, unknown>): Promise<{ text: string; failed: boolean }> => {
    const { content, isError } = (await client.callTool({ name, arguments: args })) as {
      content: { type: string; text: string }[];
      isError?: boolean;
    };
    return { text: content.map(({ text }) => text).join(''), failed: isError === true };
  };
  const answer = async (name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { text, failed } = await call(name, args);
    assert.isFalse(failed, text);
    return JSON.parse(text) as Record<string, unknown>;
  };

  it('offers four tools, each with a description and a schema', async () => {
    const { tools } = await client.listTools();
    assert.sameMembers(
      tools.map(({ name }) => name),
      ['lookup', 'annotate', 'report', 'candidate'],
    );
    for (const { description, inputSchema } of tools) {
      assert.isAbove(description?.length ?? 0, 100);
      assert.isNotEmpty(inputSchema.required);
    }
  });

  it('lookup: says what a kernel offers, in the order of the names', async () => {
    const { kernel, names } = await answer('lookup', { names: ['mutex_lock', 'regmap_read'], kernel: '7.3' });
    assert.propertyVal(kernel, 'source', 'snapshot');
    const [lock, regmap] = names as { name: string; status: string; rust: { path: string }[] }[];
    assert.equal(lock!.status, 'safe');
    assert.include(
      lock!.rust.map(({ path }) => path),
      'kernel::sync::Mutex',
    );
    assert.deepInclude(regmap, { name: 'regmap_read', status: 'none' });
  });

  it('lookup: another kernel, another answer', async () => {
    const status = async (kernel: string): Promise<unknown> => {
      const { names } = await answer('lookup', { names: ['platform_driver.probe'], kernel });
      return (names as { status: string }[])[0]!.status;
    };
    assert.equal(await status('7.3'), 'safe');
    assert.equal(await status('6.1'), 'none');
  });

  it('annotate: entry points, each name once, findings', async () => {
    const { entryPoints, names } = await answer('annotate', { path: SAMPLE });
    const probe = (entryPoints as { kind: string; function: string }[]).find(({ kind }) => kind === 'probe');
    assert.equal(probe?.function, 'acme_wdt_probe');
    const lock = (names as { name: string; uses: number; line: number }[]).filter(({ name }) => name === 'mutex_lock');
    assert.lengthOf(lock, 1);
    assert.include(readFileSync(SAMPLE, 'utf8').split('\n')[lock[0]!.line - 1], 'mutex_lock');
  });

  it('report: a score with its parts', async () => {
    const { drivers, notShown } = await answer('report', { paths: [SAMPLE] });
    assert.equal(notShown, 0);
    const [driver] = drivers as { score: number; scoreParts: Record<string, unknown> }[];
    assert.isAtLeast(driver!.score, 0);
    assert.isAtMost(driver!.score, 100);
    assert.property(driver!.scoreParts, 'coverage');
  });

  it('candidate: Rust text, or why there is none', async () => {
    const made = await call('candidate', { paths: [SAMPLE], kernel: '7.3' });
    assert.include(made.text, 'impl platform::Driver for');
    const none = await call('candidate', { paths: [SAMPLE], kernel: '6.1' });
    assert.match(none.text, /^There is no candidate: /);
  });

  it('says what is wrong, and goes on', async () => {
    const missing = await call('annotate', { path: 'no/such.c' });
    assert.isTrue(missing.failed);
    assert.include(missing.text, 'no/such.c: no such file');
    const version = await call('lookup', { names: ['kfree'], kernel: '9.9' });
    assert.isTrue(version.failed);
    assert.include(version.text, '7.3');
    assert.isTrue((await call('lookup', { names: [] })).failed);
    assert.isFalse((await call('lookup', { names: ['kfree'] })).failed);
  });
});
