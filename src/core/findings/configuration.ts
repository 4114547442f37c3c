import type { Node, YAMLMap } from 'yaml';
import { rules, type Finding, type Severity } from '../rules';
import { SEVERITIES } from './selection';

/** Name of the file, in the root folder of what it speaks of. */
export const CONFIGURATION_FILE = '.r4l.yaml';

/** What a `.r4l.yaml` says. Paths are relative to its folder, with `/`. */
export interface Configuration {
  severities: ReadonlyMap<string, Severity | 'off'>;
  suppressions: readonly { rules: ReadonlySet<string>; covers: (path: string) => boolean; reason: string }[];
  excludes: (path: string) => boolean;
}

/** Something in the file that is not understood and has no effect; the rest of the file has. */
export interface ConfigurationProblem {
  /** One-based. */
  line: number;
  column: number;
  message: string;
}

export const EMPTY_CONFIGURATION: Configuration = { severities: new Map(), suppressions: [], excludes: () => false };

/** The findings of a file as its configuration wants them: without rules that are off and excluded files, allowed ones marked. */
export function configured<F extends Pick<Finding, 'rule' | 'severity' | 'suppressed' | 'suppressedBy'>>(
  findings: readonly F[],
  { severities, suppressions, excludes }: Configuration,
  path: string,
): F[] {
  if (findings.length === 0 || excludes(path)) return [];
  const inForce = suppressions.filter(({ covers }) => covers(path));
  return findings.flatMap((finding) => {
    const severity = severities.get(finding.rule) ?? finding.severity;
    if (severity === 'off') return [];
    const allowed = inForce.find((suppression) => suppression.rules.has(finding.rule) || suppression.rules.has('*'));
    if (!allowed || finding.suppressed !== undefined) return [severity === finding.severity ? finding : { ...finding, severity }];
    return [{ ...finding, severity, suppressed: allowed.reason, suppressedBy: 'configuration' as const }];
  });
}

/**
 * Reads a `.r4l.yaml`. What is not understood is a problem with its line and has no effect: no finding is lost to a slip, and a file that is
 * no YAML is one that says nothing. The libraries are loaded at the first call.
 */
export async function readConfiguration(
  text: string,
): Promise<{ configuration: Configuration; problems: ConfigurationProblem[] }> {
  const [yaml, { default: picomatch }] = await Promise.all([import('yaml'), import('picomatch/posix')]);
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines });
  const problems: ConfigurationProblem[] = [];
  const problem = (at: Node | null | undefined, message: string) => {
    const { line, col } = lines.linePos(at?.range?.[0] ?? 0);
    problems.push({ line, column: col, message });
  };
  if (document.errors.length > 0) {
    for (const { linePos, message } of document.errors)
      problems.push({
        line: linePos?.[0].line ?? 1,
        column: linePos?.[0].col ?? 1,
        message: message.split(/ at line \d+|\n/)[0]!,
      });
    return { configuration: EMPTY_CONFIGURATION, problems };
  }
  /** A matcher of globs: one that names a folder covers what is in it; one without a slash matches names in any folder, as in .gitignore. */
  const matcher = (globs: readonly string[]): ((path: string) => boolean) => {
    const patterns = globs.map((glob) => {
      const plain = glob.replace(/\/$/, '');
      return plain.includes('/') ? plain.replace(/^\.?\//, '') : `**/${plain}`;
    });
    return picomatch([...patterns, ...patterns.map((glob) => `${glob}/**`)], { dot: true });
  };
  const reader = new Reader(yaml, problem);
  return { configuration: reader.read(document.contents, matcher), problems };
}

/** Goes through the parsed file and says what it does not understand. */
class Reader {
  constructor(
    private readonly yaml: typeof import('yaml'),
    private readonly problem: (at: Node | null | undefined, message: string) => void,
  ) {}

  read(contents: unknown, matcher: (globs: readonly string[]) => (path: string) => boolean): Configuration {
    const severities = new Map<string, Severity | 'off'>();
    const suppressions: Configuration['suppressions'][number][] = [];
    let excludes: Configuration['excludes'] = () => false;
    if (contents === null || (this.yaml.isScalar(contents) && contents.value === null)) return EMPTY_CONFIGURATION;
    for (const [key, value, node] of this.entries(contents as Node, 'the file')) {
      if (key === 'rules')
        for (const [rule, level, at] of this.entries(value, '`rules`')) this.severity(severities, rule, level, at);
      else if (key === 'suppress') {
        if (!this.yaml.isSeq(value))
          this.problem(value ?? node, '`suppress` must be a list of entries with `rules`, `paths` and `reason`');
        else for (const item of value.items) this.suppression(suppressions, item as Node, matcher);
      } else if (key === 'exclude') excludes = matcher(this.strings(value ?? node, '`exclude`'));
      else this.problem(node, `unknown key \`${key}\`: it may be \`rules\`, \`suppress\` or \`exclude\``);
    }
    return { severities, suppressions, excludes };
  }

  private severity(severities: Map<string, Severity | 'off'>, rule: string, level: Node | null, at: Node): void {
    if (!this.isRule(rule, at)) return;
    const value = this.yaml.isScalar(level) ? level.value : undefined;
    const wanted = value === false ? 'off' : value;
    const known = ['off', ...SEVERITIES].find((name) => name === wanted) as Severity | 'off' | undefined;
    if (known) severities.set(rule, known);
    else this.problem(level ?? at, `\`${rule}\` must be off, ${[...SEVERITIES].reverse().join(', ')}`);
  }

  private suppression(
    suppressions: Configuration['suppressions'][number][],
    item: Node,
    matcher: (globs: readonly string[]) => (path: string) => boolean,
  ): void {
    let named: string[] = [];
    let paths: string[] | undefined;
    let reason = '';
    const before = { ok: true };
    for (const [key, value, node] of this.entries(item, 'an entry of `suppress`')) {
      if (key === 'rules') named = this.strings(value ?? node, '`rules`').filter((rule) => this.isRule(rule, value ?? node));
      else if (key === 'paths') {
        paths = this.strings(value ?? node, '`paths`');
        before.ok &&= paths.length > 0;
      } else if (key === 'reason')
        reason = this.yaml.isScalar(value) && typeof value.value === 'string' ? value.value.trim() : '';
      else this.problem(node, `unknown key \`${key}\`: an entry has \`rules\`, \`paths\` and \`reason\``);
    }
    if (!this.yaml.isMap(item)) return;
    if (named.length === 0) this.problem(item, 'this entry allows nothing: name its `rules`, or "*" for all');
    else if (reason === '') this.problem(item, 'this entry allows nothing: it needs a `reason`');
    else if (before.ok) suppressions.push({ rules: new Set(named), covers: paths ? matcher(paths) : () => true, reason });
  }

  private isRule(id: string, at: Node): boolean {
    if (id === '*' || rules.some(({ metadata }) => metadata.id === id)) return true;
    this.problem(at, `unknown rule \`${id}\``);
    return false;
  }

  private entries(node: Node | null, what: string): [key: string, value: Node | null, at: Node][] {
    if (!this.yaml.isMap(node)) {
      this.problem(node, `${what} must be a mapping (key: value)`);
      return [];
    }
    return (node as YAMLMap<Node, Node | null>).items.map(({ key, value }) => [
      this.yaml.isScalar(key) ? String(key.value) : '',
      value,
      key,
    ]);
  }

  private strings(node: Node, what: string): string[] {
    const items = this.yaml.isSeq(node) ? (node.items as Node[]) : [node];
    return items.flatMap((item) => {
      if (this.yaml.isScalar(item) && typeof item.value === 'string' && item.value !== '') return [item.value];
      this.problem(item, `${what} must be a text or a list of texts`);
      return [];
    });
  }
}
