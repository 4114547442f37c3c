import { assigned, layOut, layOutLast, oneLine, prefersNextLine, WIDTH } from './print';
import { isExtendable } from './shape';
import type { RExpr, RStatement, Source } from './ast';

/** Lines of Rust text, and which C text each came from. */
export interface Lines {
  text: string[];
  /** `translated` is false for C text in a comment. */
  regions: { line: number; endLine: number; source: Source; translated: boolean }[];
}

export const newLines = (): Lines => ({ text: [], regions: [] });

/** Says that the lines from `line` on stand for `source`. */
export function link(lines: Lines, line: number, source: Source, endLine = lines.text.length, translated = true): void {
  lines.regions.push({ line, endLine, source, translated });
}

/** Adds the lines of `part` with their regions. */
export function append(lines: Lines, part: Lines): void {
  const offset = lines.text.length;
  for (const text of part.text) lines.text.push(text);
  for (const { line, endLine, source, translated } of part.regions)
    link(lines, line + offset, source, endLine + offset, translated);
}

/** Leaves one empty line where there are more, and none at the end; an element of `text` is one line after this. */
export function closeGaps(lines: Lines): void {
  const kept: string[] = [];
  /** New number of each old line. */
  const moved: number[] = [];
  for (const entry of lines.text) {
    moved.push(kept.length);
    for (const one of entry.split('\n')) if (one !== '' || (kept.length > 0 && kept.at(-1) !== '')) kept.push(one);
  }
  while (kept.at(-1) === '') kept.pop();
  moved.push(kept.length);
  for (const region of lines.regions) {
    region.line = moved[region.line]!;
    region.endLine = Math.min(kept.length, moved[region.endLine]!);
  }
  lines.text = kept;
}

const indentation = (level: number): string => '    '.repeat(level);

/** Adds `text`, which may have several lines; only the first gets the indentation of `level`. */
export function add(lines: Lines, level: number, text: string): void {
  const [first, ...rest] = text.split('\n');
  lines.text.push(first === '' ? '' : `${indentation(level)}${first!}`, ...rest);
}

/** Prints statements as rustfmt lays them out. */
export function printStatements(lines: Lines, statements: readonly RStatement[], level: number): void {
  for (const statement of statements) {
    const line = lines.text.length;
    if (statement.note !== undefined) add(lines, level, `// ${statement.note}`);
    printStatement(lines, statement, level);
    if (statement.source) link(lines, line, statement.source, lines.text.length, statement.k !== 'comment');
  }
}

function printStatement(lines: Lines, s: RStatement, level: number): void {
  const column = level * 4;
  const label = 'label' in s && s.label !== null ? `'${s.label}: ` : '';
  const body = (inner: readonly RStatement[]): void => {
    printStatements(lines, inner, level + 1);
  };
  switch (s.k) {
    case 'let': {
      const head = `let ${s.mut ? 'mut ' : ''}${s.name}${s.type === null ? '' : `: ${s.type}`}`;
      add(lines, level, s.init === null ? `${head};` : `${assigned(`${head} =`, s.init, level)};`);
      break;
    }
    case 'assign': {
      const left = layOut(s.l, level, column, s.op.length + 2);
      add(lines, level, `${assigned(`${left} ${s.op}`, s.r, level)};`);
      break;
    }
    case 'expr':
      add(lines, level, `${layOut(s.e, level, column, 1)};`);
      break;
    case 'value':
      add(lines, level, layOutLast(s.e, level));
      break;
    case 'return':
      add(lines, level, s.e === null ? 'return;' : `return ${layOut(s.e, level, column + 7, 1)};`);
      break;
    case 'if':
      printIf(lines, s, level, '');
      break;
    case 'while':
      head(lines, level, `${label}while`, s.test);
      body(s.body);
      add(lines, level, '}');
      break;
    case 'loop':
      add(lines, level, `${label}loop {`);
      body(s.body);
      add(lines, level, '}');
      break;
    case 'for':
      head(lines, level, `${label}for ${s.variable} in`, s.range);
      body(s.body);
      add(lines, level, '}');
      break;
    case 'block':
      if (s.body.length === 0) break;
      add(lines, level, `${label}{`);
      body(s.body);
      add(lines, level, '}');
      break;
    case 'match':
      head(lines, level, 'match', s.on);
      for (const arm of s.arms) printArm(lines, arm, level + 1);
      add(lines, level, '}');
      break;
    case 'break':
    case 'continue':
      add(lines, level, `${s.k}${s.label === null ? '' : ` '${s.label}`};`);
      break;
    case 'comment':
      for (const line of s.lines) add(lines, level, `// ${line}`.trimEnd());
      break;
    case 'blank':
      if (lines.text.at(-1) !== '' && !lines.text.at(-1)!.endsWith('{')) lines.text.push('');
      break;
  }
}

function head(lines: Lines, level: number, keyword: string, e: RExpr): void {
  const column = level * 4 + keyword.length + 1;
  const text = layOut(e, level, column, 0);
  const full = !text.includes('\n') && column + text.length + 2 > WIDTH;
  add(
    lines,
    level,
    `${keyword} ${text}${full || (text.includes('\n') && !isExtendable(text)) ? `\n${indentation(level)}{` : ' {'}`,
  );
}

function printIf(lines: Lines, s: RStatement & { k: 'if' }, level: number, before: string): void {
  if (typeof s.test === 'string') add(lines, level, `${before}if ${s.test} {`);
  else head(lines, level, `${before}if`, s.test);
  if (s.yes.length === 0 && s.no === null && lines.text.at(-1)!.endsWith(' {')) {
    lines.text[lines.text.length - 1] = `${lines.text.at(-1)!}}`;
    return;
  }
  printStatements(lines, s.yes, level + 1);
  if (s.no === null) add(lines, level, '}');
  else if (s.no.length === 1 && s.no[0]!.k === 'if') {
    const [chained] = s.no;
    const line = lines.text.length;
    printIf(lines, chained as RStatement & { k: 'if' }, level, '} else ');
    if (chained!.source) link(lines, line, chained!.source);
  } else {
    add(lines, level, '} else {');
    printStatements(lines, s.no, level + 1);
    add(lines, level, '}');
  }
}

/** One arm; a single short value stays on the line of its pattern. */
function printArm(lines: Lines, arm: { pattern: string; body: RStatement[] }, level: number): void {
  const pattern = patternText(arm.pattern, level);
  const [only] = arm.body;
  if (arm.body.length === 0) {
    add(lines, level, `${pattern} => {}`);
    return;
  }
  const isBare = arm.body.length === 1 && only!.note === undefined;
  if (isBare && only!.k === 'value') {
    const last = pattern.split('\n').at(-1)!;
    const column = (pattern.includes('\n') ? 0 : level * 4) + last.length + 4;
    const flat = oneLine(only!.e);
    if (flat !== undefined && column + flat.length + 1 <= WIDTH) {
      add(lines, level, `${pattern} => ${flat},`);
      return;
    }
    if (staysWithPattern(only!.e)) {
      const text = layOut(only!.e, level, column, 1);
      if (text.includes('\n') && !prefersNextLine(text, layOutLast(only!.e, level + 1))) {
        add(lines, level, `${pattern} => ${text},`);
        return;
      }
    }
  }
  if (isBare && (only!.k === 'return' || only!.k === 'break' || only!.k === 'continue')) {
    const inner = newLines();
    printStatement(inner, only!, 0);
    const text = inner.text.join('\n').replace(/;$/, ',');
    if (!text.includes('\n') && !pattern.includes('\n') && level * 4 + pattern.length + 4 + text.length <= WIDTH) {
      add(lines, level, `${pattern} => ${text}`);
      return;
    }
  }
  if (arm.body.length === 1 && (only!.k === 'match' || only!.k === 'loop') && !pattern.includes('\n')) {
    const inner = newLines();
    printStatements(inner, arm.body, level);
    const offset = lines.text.length;
    lines.text.push(`${indentation(level)}${pattern} => ${inner.text[0]!.trimStart()}`, ...inner.text.slice(1));
    lines.text[lines.text.length - 1] = `${lines.text.at(-1)!},`;
    for (const { line, endLine, source, translated } of inner.regions)
      link(lines, line + offset, source, endLine + offset, translated);
    return;
  }
  add(lines, level, `${pattern} => {`);
  printStatements(lines, arm.body, level + 1);
  add(lines, level, '}');
}

/** Whether a value over several lines starts on the line of its pattern. */
function staysWithPattern(e: RExpr): boolean {
  switch (e.k) {
    case 'array':
    case 'call':
    case 'method':
    case 'macro':
    case 'struct':
    case 'closure':
      return true;
    case 'un':
    case 'try':
    case 'index':
    case 'cast':
      return staysWithPattern(e.of);
    default:
      return false;
  }
}

/** The alternatives of a pattern; those that do not fit on a line stand one on each, short names and numbers as many as fit. */
function patternText(pattern: string, level: number): string {
  const room = WIDTH - level * 4 - ' => {'.length;
  if (pattern.length <= room) return pattern;
  const parts = pattern.split(' | ');
  const lines: string[] = [];
  const isMixed = parts.every((part) => part.length <= 20 && /^-?\w+$/.test(part));
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(part);
    else if (isMixed && last.length + 3 + part.length <= room) lines[lines.length - 1] = `${last} | ${part}`;
    else lines.push(`| ${part}`);
  }
  return lines.join(`\n${indentation(level)}`);
}
