/**
 * Kbuild's makefiles as far as they say which sources become which module (Documentation/kbuild/makefiles.rst). No shell is run and no
 * configuration known: both sides of a conditional count, and a name that depends on `$(CONFIG_X)` is built under CONFIG_X.
 */

/** A word of a variable's value and the symbol under which it counts; null if always. */
export interface Word {
  text: string;
  config: string | null;
}

/** The variables of a makefile and of what it includes, expanded. `foo-y`, `foo-m` and `foo-$(CONFIG_X)` are all kept as `foo-y`. */
export type Variables = ReadonlyMap<string, readonly Word[]>;

/** Reads another makefile of the tree by its path; undefined if there is none. */
export type ReadMakefile = (path: string) => Promise<string | undefined>;

/** Bounds for texts that are no makefiles of a kernel: includes within includes, nested expansions, words of a value. */
const MAX_INCLUDES = 200;
const MAX_DEPTH = 20;
const MAX_WORDS = 20_000;

interface Pending {
  text: string;
  config: string | null;
}

/**
 * The variables of the makefile at `path`.
 * @param path of the makefile, from the root of the tree: `drivers/gpio/Makefile`
 */
export async function readMakefile(path: string, text: string, read: ReadMakefile): Promise<Variables> {
  const makefile = new Makefile(path.slice(0, path.lastIndexOf('/')), read);
  await makefile.take(text);
  return makefile.finish();
}

class Makefile {
  /** Values as texts, expanded when all of the file is known: an order of definitions need not be kept. */
  private readonly values = new Map<string, Pending[]>();
  private includes = 0;
  private readonly expanding = new Set<string>();

  constructor(
    folder: string,
    private readonly read: ReadMakefile,
  ) {
    for (const name of ['src', 'obj']) this.values.set(name, [{ text: folder, config: null }]);
    for (const name of ['srctree', 'objtree']) this.values.set(name, [{ text: '.', config: null }]);
  }

  async take(text: string): Promise<void> {
    /** The symbols of the conditionals around a line; null where a condition names none. */
    const conditions: (string | null)[] = [];
    let inDefine = false;
    /** Whether lines with a tab are commands of a rule; elsewhere make takes them for assignments too. */
    let inRule = false;
    for (const line of logicalLines(text)) {
      if (inDefine || /^\s*define\b/.test(line)) {
        inDefine = !/^\s*endef\b/.test(line);
        continue;
      }
      const conditional = /^\s*(ifeq|ifneq|ifdef|ifndef|else|endif)\b(.*)$/.exec(line);
      if (conditional) {
        const [, word, rest] = conditional as unknown as [string, string, string];
        if (word === 'endif') conditions.pop();
        else if (word === 'else') conditions.splice(-1, 1, configIn(rest));
        else conditions.push(word === 'ifdef' || word === 'ifeq' || word === 'ifneq' ? configIn(rest) : null);
        continue;
      }
      if (line.startsWith('\t') ? inRule : (inRule = /^[^\s=]+\s*:(?![:=])|^\S[^=:]*:(?![:=])/.test(line))) continue;
      const include = /^\s*-?s?include\s+(.+)$/.exec(line);
      if (include) await this.include(include[1]!);
      else this.assign(line, conditions);
    }
  }

  private async include(paths: string): Promise<void> {
    for (const { text } of this.expand(paths, null, 0)) {
      if (this.includes++ >= MAX_INCLUDES) return;
      const found = await this.read(normalise(text));
      if (found !== undefined) await this.take(found);
    }
  }

  private assign(line: string, conditions: readonly (string | null)[]): void {
    const match = /^\s*(?:export\s+|override\s+)*([\w.\-/]*(?:\$[({][^=]*?[)}][\w.-]*)*)\s*(\+=|:=|::=|\?=|=)\s*(.*)$/.exec(line);
    if (!match || match[1] === '') return;
    const [, target, operator, value] = match as unknown as [string, string, string, string];
    const { name, config } = normalName(target);
    const around = [...conditions].reverse().find((one) => one !== null) ?? null;
    const self = new RegExp(`\\$[({]${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[)}]`).test(value);
    const keeps = operator !== ':=' && operator !== '=' && operator !== '::=';
    const added: Pending[] = [{ text: self ? value.replaceAll(`$(${name})`, '') : value, config: config ?? around }];
    // A value that a condition chooses, or that has the form of a list under a symbol, adds to the others.
    const before = keeps || self || conditions.length > 0 || config !== null ? (this.values.get(name) ?? []) : [];
    if (operator === ':=' && !self) added[0]!.text = this.settled(value);
    this.values.set(name, [...before, ...added]);
  }

  /** The text with references to known variables replaced, as `:=` does at once; others stay for later. */
  private settled(text: string): string {
    if (!text.includes('$')) return text;
    return text.replace(/\$[({]([\w.-]+)[)}]/g, (whole, name: string) => {
      const known = this.values.get(normalName(name).name);
      return known && known.every(({ config }) => config === null) && !/^(?:src|obj|srctree|objtree)$/.test(name)
        ? known.map(({ text: value }) => value).join(' ')
        : whole;
    });
  }

  finish(): Variables {
    const variables = new Map<string, Word[]>();
    for (const name of this.values.keys()) variables.set(name, this.valueOf(name, null, 0));
    return variables;
  }

  private valueOf(name: string, config: string | null, depth: number): Word[] {
    const pieces = this.values.get(name);
    if (!pieces || depth > MAX_DEPTH || this.expanding.has(name)) return [];
    this.expanding.add(name);
    const words = pieces.flatMap((piece) => this.expand(piece.text, piece.config ?? config, depth + 1)).slice(0, MAX_WORDS);
    this.expanding.delete(name);
    return words;
  }

  /** The words of `text` with references and functions replaced. */
  private expand(text: string, config: string | null, depth: number): Word[] {
    if (!text.includes('$')) return split(text, config);
    const words: Word[] = [];
    /** Whether the next piece continues the last word: `$(OBJDIR)/x.o`. */
    let joined = false;
    let at = 0;
    while (at < text.length) {
      const dollar = text.indexOf('$', at);
      const plain = text.slice(at, dollar < 0 ? text.length : dollar);
      joined = append(words, split(plain, config), joined && !/^\s/.test(plain), plain === '' ? joined : !/\s$/.test(plain));
      if (dollar < 0) break;
      const end = closing(text, dollar + 1);
      const inner = text.slice(dollar + 2, end);
      append(words, depth > MAX_DEPTH ? [] : this.reference(inner, config, depth + 1), joined, true);
      joined = true;
      at = end + 1;
    }
    return words;
  }

  private reference(inner: string, config: string | null, depth: number): Word[] {
    const call = /^([a-z-]+)\s+([\s\S]*)$/.exec(inner);
    if (call) return this.call(call[1]!, argumentsOf(call[2]!), config, depth);
    const substitution = /^([\w.-]+):([^=]*)=(.*)$/.exec(inner);
    if (substitution)
      return this.valueOf(normalName(substitution[1]!).name, config, depth).map((word) => ({
        ...word,
        text: word.text.endsWith(substitution[2]!)
          ? word.text.slice(0, word.text.length - substitution[2]!.length) + substitution[3]!
          : word.text,
      }));
    return this.valueOf(normalName(inner).name, config, depth);
  }

  /** Make's functions over lists; those that ask the shell or the disk give nothing. */
  private call(name: string, parts: readonly string[], config: string | null, depth: number): Word[] {
    const words = (part: string | undefined): Word[] => this.expand(part ?? '', config, depth);
    const text = (part: string | undefined): string =>
      words(part)
        .map((word) => word.text)
        .join(' ');
    const change = (list: Word[], of: (text: string) => string): Word[] => list.map((word) => ({ ...word, text: of(word.text) }));
    switch (name) {
      case 'addprefix':
        return change(words(parts[1]), (word) => text(parts[0]) + word);
      case 'addsuffix':
        return change(words(parts[1]), (word) => word + text(parts[0]));
      case 'subst':
        return change(words(parts[2]), (word) => word.replaceAll(text(parts[0]) || '\0', text(parts[1])));
      case 'patsubst': {
        const [before = '', after = ''] = text(parts[0]).split('%');
        const into = text(parts[1]);
        return change(words(parts[2]), (word) =>
          word.startsWith(before) && word.endsWith(after) && word.length >= before.length + after.length
            ? into.replace('%', () => word.slice(before.length, word.length - after.length))
            : word,
        );
      }
      case 'sort':
      case 'strip':
        return words(parts[0]);
      case 'filter':
      case 'filter-out':
        return words(parts[1]);
      case 'if':
        return [...words(parts[1]), ...words(parts[2])];
      case 'foreach': {
        const variable = (parts[0] ?? '').trim();
        return words(parts[1]).flatMap((word) =>
          this.expand((parts[2] ?? '').replaceAll(`$(${variable})`, word.text), word.config ?? config, depth),
        );
      }
      case 'notdir':
        return change(words(parts[0]), (word) => word.slice(word.lastIndexOf('/') + 1));
      case 'dir':
        return change(words(parts[0]), (word) => word.slice(0, word.lastIndexOf('/') + 1) || './');
      case 'basename':
        return change(words(parts[0]), (word) => word.replace(/\.[^./]*$/, ''));
      default:
        return [];
    }
  }
}

/** Lines with continuations joined and comments dropped. */
function* logicalLines(text: string): Generator<string> {
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const comment = line.search(/(?:^|[^\\])#/);
    const code = comment < 0 ? line : line.slice(0, line[comment] === '#' ? comment : comment + 1);
    if (code.trim() !== '') yield code;
  }
}

/** `foo-$(CONFIG_X)`, `foo-m` → `foo-y`, with the symbol. */
function normalName(target: string): { name: string; config: string | null } {
  const dollar = target.indexOf('$');
  const config = dollar < 0 ? null : configIn(target);
  const head = dollar < 0 ? target.replace(/-m$/, '-y') : `${target.slice(0, dollar).replace(/-$/, '')}-y`;
  return { name: head, config };
}

const configIn = (text: string): string | null => /\bCONFIG_\w+/.exec(text)?.[0] ?? null;

const split = (text: string, config: string | null): Word[] =>
  text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => ({ text: word, config }));

/** Adds `more` to `words`, its first to the last word if `join`; returns `open`. */
function append(words: Word[], more: readonly Word[], join: boolean, open: boolean): boolean {
  const [first, ...rest] = more;
  if (!first) return open;
  const last = words.at(-1);
  if (join && last) words[words.length - 1] = { text: last.text + first.text, config: first.config ?? last.config };
  else words.push(first);
  words.push(...rest);
  return open;
}

/** Offset of the bracket that closes the one at `open`. */
function closing(text: string, open: number): number {
  const brackets = text[open] === '{' ? '{}' : '()';
  if (text[open] !== brackets[0]) return open; // `$@`: no reference that a list of sources has
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === brackets[0]) depth++;
    else if (text[i] === brackets[1] && --depth === 0) return i;
  }
  return text.length;
}

/** Splits at the commas outside of brackets. */
function argumentsOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const c of text) {
    if (c === '(' || c === '{') depth++;
    else if (c === ')' || c === '}') depth--;
    if (c === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop()}${c}`);
  }
  return parts.map((part, i) => (i === 0 ? part.trimStart() : part));
}

/** A path without `.` and `..` steps. */
export function normalise(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}
