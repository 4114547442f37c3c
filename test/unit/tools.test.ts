import { assert } from 'chai';
import { readFileSync } from 'node:fs';
import { InputError, tools, type ToolEngine } from '../../src/core';

interface Contributed {
  name: string;
  toolReferenceName: string;
  modelDescription: string;
  inputSchema: { properties: Record<string, unknown>; required: string[] };
}

/** An engine that must not be asked. */
const none = new Proxy({} as ToolEngine, {
  get: () => () => {
    throw new Error('asked');
  },
});

describe('tools for language models', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: { languageModelTools: Contributed[] };
  };

  it('package.json offers each of them to VS Code, in the same words', () => {
    assert.deepEqual(
      contributes.languageModelTools.map(({ name, modelDescription }) => ({ name, modelDescription })),
      tools.map(({ name, description }) => ({ name: `r4l_${name}`, modelDescription: description })),
    );
    for (const [i, { inputSchema }] of contributes.languageModelTools.entries()) {
      const { properties, required } = tools[i]!.inputSchema;
      assert.deepEqual(inputSchema.required, required);
      // The setting r4l.kernelVersion chooses the kernel of candidates.
      for (const [name, schema] of Object.entries(properties))
        if (!(tools[i]!.name === 'candidate' && name === 'kernel')) assert.deepEqual(inputSchema.properties[name], schema, name);
    }
    const references = contributes.languageModelTools.map(({ toolReferenceName }) => toolReferenceName);
    assert.includeMembers(references, ['rustBinding', 'driverPortReport']);
  });

  it('input that does not fit is refused before anything is read, with what is expected', async () => {
    const wrong: [string, Record<string, unknown>, RegExp][] = [
      ['lookup', {}, /"names" must be a list/],
      ['lookup', { names: 'kfree' }, /"names" must be a list/],
      ['lookup', { names: [''] }, /"names" must be a list/],
      ['annotate', { path: 3 }, /"path" must be a text/],
      ['report', { paths: [] }, /"paths" must be a list/],
      ['candidate', { paths: [1] }, /"paths" must be a list/],
    ];
    for (const [name, input, message] of wrong) {
      const error = await tools
        .find((tool) => tool.name === name)!
        .run(input, none)
        .then(
          () => undefined,
          (reason: unknown) => reason,
        );
      assert.instanceOf(error, InputError, name);
      assert.match(error.message, message);
    }
  });
});
