import { CKind, NONE } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';

const COPIES: ReadonlySet<string> = new Set(['copy_from_user', 'simple_write_to_buffer', '__copy_from_user']);
/** Functions that read a string up to its end. */
const READS =
  'sscanf|kstrto\\w+|simple_strto\\w+|strcmp|strsep|strim|strstrip|strstr|strchr|strlen|strcpy|kstrdup|match_string|sysfs_streq|strcasecmp|strskip|skip_spaces|kstrndup';

const rule: Rule = {
  metadata: {
    id: 'unterminated-string',
    title: 'Bytes from user space read as a string that nothing ends',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'high',
    cwe: 'CWE-170',
    why: 'What user space writes has no terminating zero: functions on strings read on behind it, through what was on the stack or in the heap.',
    falsePositives: ['The buffer was cleared by a function of another file.'],
    references: ['include/linux/string.h: memdup_user_nul()', 'https://cwe.mitre.org/data/definitions/170.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'A byte slice carries its length and is no string until it was looked at.',
      items: ['kernel::uaccess::UserSlice', 'kernel::str::CStr'],
    },
  },
  run: ({ tree, calls, model }: RuleContext): Report[] => {
    const reports: Report[] = [];
    for (const { name, node, arguments: args } of calls(COPIES)) {
      const definition = tree.ancestorOfKind(node, CKind.function_definition);
      const buffer = args[0] === undefined ? '' : tree.textOf(args[0]);
      if (definition === NONE || !/^\w+$/.test(buffer)) continue;
      const text = tree.textOf(definition);
      if (
        !new RegExp(
          `\\bchar\\s+[^;()]*\\b${buffer}\\s*\\[[^\\]]*\\]\\s*[;,]|\\b${buffer}\\s*=\\s*(?:\\([^()]*\\)\\s*)?(?:kv?|v|devm_k)malloc\\w*\\(`,
        ).test(text)
      )
        continue;
      if (
        new RegExp(
          `\\b${buffer}\\s*\\[[^\\]]*\\]\\s*=[^=]|\\b${buffer}\\s*\\[[^\\]]*\\]\\s*=\\s*\\{|memset\\w*\\(\\s*&?${buffer}|\\*\\s*\\(?\\s*${buffer}\\s*\\+[^;=]*=[^=]|__GFP_ZERO`,
        ).test(text)
      )
        continue;
      const rest = tree.text.slice(tree.ends[node], tree.ends[definition]);
      const reads = [...rest.matchAll(new RegExp(`\\b(${READS})\\s*\\(\\s*&?(${buffer}\\b(?:(?:->|\\.)\\w+)*)`, 'g'))];
      const read = reads.find(({ 2: what, index }) => !isEnded(rest.slice(0, index), what!));
      if (!read) continue;
      const start = tree.ends[node]! + read.index;
      reports.push({
        node: tree.parents[tree.nodeAt(start)]!,
        function: model.functions.find((one) => one.node === definition)?.name ?? '',
        message: `${read[1]!}() reads ${read[2]!} as a string, and nothing has put a zero behind what ${name}() brought`,
        related: [{ start: tree.starts[node]!, end: tree.ends[node]!, message: `${buffer} is filled here` }],
      });
    }
    return reports;
  },
};
export default rule;

/** A member that is an array of what was filled is given its zero before it is read. */
const isEnded = (before: string, what: string): boolean =>
  /\W/.test(what) && new RegExp(`\\b${what.replace('.', '\\.')}\\s*\\[[^;=]*\\]\\s*=[^=]`).test(before);
