import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A key is this many hexadecimal digits of a SHA-256. */
const KEY = 40;
/** Lines are written in blocks of about this many characters, or after this many milliseconds: what a kill loses at most. */
const BLOCK = 1 << 18;
const BLOCK_MS = 300;
/** Files of other versions that are kept: switching between two should not start anew each time. */
const KEPT = 3;
const NEWLINE = 10;

/** Where the caches of r4l lie. */
export const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'r4l');

/** The key of a file's content, or of what stands for it. */
export const keyOf = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex').slice(0, KEY);

/** A file that was written less than this many milliseconds ago may be written again without its times showing it. */
const SETTLED = 3000;

/** What a file's content is known by without reading it: path, size and times. Undefined for one that has just been written. */
export function stateOf(path: string): string | undefined {
  try {
    const { size, mtimeNs, ctimeNs, ino, mtimeMs } = statSync(path, { bigint: true });
    if (Date.now() - Number(mtimeMs) < SETTLED) return undefined;
    return keyOf(`${path}\0${size}\0${mtimeNs}\0${ctimeNs}\0${ino}`);
  } catch {
    return undefined; // reading it says why
  }
}

/** What a file of the cache begins with, after a key: facts with their length, or the key of the content that a file had. */
const FACTS = 0x3a;
const SAME = 0x3d;

/**
 * Facts by content, in a file that is only appended to. A line is a key, `:`, the length of the facts in bytes, `:` and the facts as JSON; or the key
 * of a file's state (path, size, times), `=` and the key of the content that it had then, which saves reading it. The file may be cut off anywhere
 * (Ctrl-C, a full disk): a line that is no whole one is not there. Several processes may append at once.
 */
export class FactsCache {
  private readonly lines = new Map<string, [start: number, end: number]>();
  private readonly contents = new Map<string, string>();
  private bytes: Buffer = Buffer.alloc(0);
  private pending = '';
  private flushed = 0;

  private constructor(
    private readonly file: string | undefined,
    bytes: Buffer,
  ) {
    this.read(bytes);
  }

  /**
   * @param kind what is kept: `facts` of files, or reports of `drivers`
   * @param version what it depends on beside its key: the engine's build
   */
  static open(kind: 'facts' | 'drivers', version: string): FactsCache {
    const folder = join(cacheFolder(), 'report');
    const file = join(folder, `${kind}-${createHash('sha256').update(version).digest('hex').slice(0, 16)}.jsonl`);
    try {
      mkdirSync(folder, { recursive: true });
      dropOthers(folder, kind, file);
      return new FactsCache(file, existsSync(file) ? readFileSync(file) : Buffer.alloc(0));
    } catch {
      return FactsCache.none(); // a home folder that cannot be written to costs time, nothing else
    }
  }

  /** Keeps nothing. */
  static none(): FactsCache {
    return new FactsCache(undefined, Buffer.alloc(0));
  }

  /** The facts of a content as JSON; undefined if there are none. */
  get(key: string): string | undefined {
    const place = this.lines.get(key);
    return place && this.bytes.toString('utf8', place[0], place[1]);
  }

  has(key: string): boolean {
    return this.lines.has(key);
  }

  /** @param facts JSON on one line */
  put(key: string, facts: string): void {
    this.write(`${key}:${Buffer.byteLength(facts)}:${facts}\n`);
  }

  /** The key of the content that a file had in this state; undefined if it is not known. */
  contentOf(state: string): string | undefined {
    return this.contents.get(state);
  }

  putContent(state: string, key: string): void {
    this.write(`${state}=${key}\n`);
  }

  private write(line: string): void {
    if (this.file === undefined) return;
    this.pending += line;
    if (this.pending.length >= BLOCK || performance.now() - this.flushed > BLOCK_MS) this.flush();
  }

  flush(): void {
    if (this.file === undefined || this.pending === '') return;
    const block = this.pending;
    this.pending = '';
    this.flushed = performance.now();
    try {
      appendFileSync(this.file, block);
    } catch {
      // a full disk: the next run does the work again
    }
  }

  private read(bytes: Buffer): void {
    this.bytes = bytes;
    // What was cut off gets an end, so that the next line starts a line.
    if (bytes.length > 0 && bytes[bytes.length - 1] !== NEWLINE) this.pending = '\n';
    for (let start = 0; start < bytes.length;) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.line(bytes, start, end);
      start = end + 1;
    }
  }

  private line(bytes: Buffer, start: number, end: number): void {
    const at = start + KEY;
    if (at >= end) return;
    const key = () => bytes.toString('latin1', start, at);
    if (bytes[at] === SAME && end === at + 1 + KEY) this.contents.set(key(), bytes.toString('latin1', at + 1, end));
    if (bytes[at] !== FACTS) return;
    const colon = bytes.indexOf(FACTS, at + 1);
    if (colon < 0 || colon > at + 12 || end - colon - 1 !== Number(bytes.toString('latin1', at + 1, colon))) return;
    this.lines.set(key(), [colon + 1, end]);
  }
}

function dropOthers(folder: string, kind: string, file: string): void {
  const others = readdirSync(folder)
    .filter((name) => name.startsWith(`${kind}-`))
    .map((name) => join(folder, name))
    .filter((path) => path !== file)
    .map((path) => ({ path, modified: statSync(path).mtimeMs }))
    .sort((a, b) => b.modified - a.modified);
  for (const { path } of others.slice(KEPT - 1)) unlinkSync(path);
}
