import { assert } from 'chai';
import { describeDriver, type DriverModel } from '../../../src/core/driver';
import type { Syntax, SyntaxTree } from '../../../src/core/syntax';
import { syntaxForTests } from '../syntax-host';

let syntax: Syntax | undefined;

before(async () => {
  syntax = await syntaxForTests();
});

export function parse(source: string): SyntaxTree {
  assert.isDefined(syntax);
  return syntax.parse('c', source);
}

export const modelOf = (source: string): DriverModel => describeDriver(parse(source));

/**
 * Checks that the entry points of `source` are just those that its comments name, each on its line: `//> kind container.field function`,
 * several separated by `;`. The function is `-` where there is none.
 */
export function expectEntryPoints(source: string): void {
  const tree = parse(source);
  const actual = describeDriver(tree).entryPoints.map(({ kind, container, field, function: entered, start }) => {
    return `${tree.lineAt(start) + 1}: ${kind} ${container}${field === null ? '' : `.${field}`} ${entered ?? '-'}`;
  });
  const expected = source.split('\n').flatMap((line, i) => {
    const [, marks] = /\/\/> (.*)$/.exec(line) ?? [];
    return marks === undefined ? [] : marks.split(';').map((mark) => `${i + 1}: ${mark.trim()}`);
  });
  const byLine = (a: string, b: string) => parseInt(a) - parseInt(b) || a.localeCompare(b);
  assert.deepEqual(actual.sort(byLine), expected.sort(byLine));
}

/** Checks the uses of kernel names in `source`, each as `kind name`, in text order. */
export function expectUses(source: string, uses: string[]): void {
  assert.deepEqual(
    modelOf(source).apis.map(({ kind, name }) => `${kind} ${name}`),
    uses,
  );
}
