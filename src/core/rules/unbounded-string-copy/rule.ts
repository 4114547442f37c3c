import { CKind, type SyntaxTree } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';

/** Functions that write a string of unknown length into a buffer of unknown size. Source: Documentation/process/deprecated.rst, CWE-120. */
const UNBOUNDED: ReadonlySet<string> = new Set(['strcpy', 'strcat', 'sprintf', 'vsprintf']);

const rule: Rule = {
  metadata: {
    id: 'unbounded-string-copy',
    title: 'String written without the size of its buffer',
    kind: 'hazard',
    severity: 'hint',
    confidence: 'medium',
    cwe: 'CWE-120',
    why: 'Nothing in the call bounds what is written; a longer source overruns the destination.',
    falsePositives: ['The source is known to be shorter than the destination for reasons outside of the call.'],
    references: ['Documentation/process/deprecated.rst: strcpy()', 'https://cwe.mitre.org/data/definitions/120.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'Formatting goes through a writer that knows the length of its buffer; slices carry theirs.',
      items: ['kernel::str::Formatter', 'kernel::str::CString'],
    },
  },
  run: ({ tree, calls }: RuleContext): Report[] => {
    const reports: Report[] = [];
    for (const { name, node, arguments: args } of calls(UNBOUNDED)) {
      const source = args[1];
      if (source === undefined || isHarmless(tree, name, source)) continue;
      reports.push({ node, message: `${name}() writes to ${tree.textOf(args[0]!).replace(/\s+/g, ' ')} without its size` });
    }
    return reports;
  },
};
export default rule;

/** A literal source has a length that a reader can see; with a format, only if it converts nothing. */
function isHarmless(tree: SyntaxTree, name: string, source: number): boolean {
  return (
    tree.kinds[source] === (CKind.string_literal as number) && (!name.includes('printf') || !tree.textOf(source).includes('%'))
  );
}
