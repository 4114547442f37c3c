// Child processes that never outlive the script: each one has a process group of its own (guard.mjs leads it), and every
// way in which the script ends (its last line, an uncaught error, Ctrl-C, even SIGKILL) ends the groups too.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './root.mjs';

const atExit = new Set();
process.once('exit', () => {
  for (const end of [...atExit].reverse()) end();
});

/** Runs `end` (synchronous) when the script ends; returns a function that runs it now instead. */
export function onExit(end) {
  atExit.add(end);
  return () => {
    if (atExit.delete(end)) end();
  };
}

/** Turns Ctrl-C and its kin into a normal exit, so that what onExit registered runs. `code` overrides the usual 128 + n. */
export function exitOnSignals(code) {
  for (const [signal, number] of [
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ])
    process.once(signal, () => process.exit(code ?? 128 + number));
}

/** A folder under the system's temporary one that is removed when the script ends. */
export function temporaryFolder(name) {
  const dir = mkdtempSync(join(tmpdir(), `r4l-${name}-`));
  onExit(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return dir;
}

/**
 * Starts a command in a process group of its own. `stdio` is for its output: 'pipe' or 'inherit'.
 * @returns {{ child: import('node:child_process').ChildProcess, ended: Promise<number>, stop: () => void }}
 * `stop` ends the group at once; `ended` resolves to the exit code after the whole group is gone.
 */
export function start(command, args, { cwd = root, env = process.env, stdio = 'pipe' } = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'guard.mjs'), command, ...args], {
    cwd,
    env,
    stdio: ['pipe', stdio, stdio],
    detached: true,
  });
  const stop = onExit(() => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once(stdio === 'pipe' ? 'close' : 'exit', (code) => resolve(code ?? 137));
    child.once('exit', stop);
  });
  return { child, ended, stop };
}

/**
 * Runs a command to its end.
 * `onLine` sees every line of its output (default: printed); with `timeoutMs` the whole group is killed when the time is over.
 * @returns {Promise<{ code: number, timedOut: boolean, output: string }>}
 */
export async function run(command, args, { timeoutMs, onLine = (line) => console.log(line), ...options } = {}) {
  const { child, ended, stop } = start(command, args, options);
  const lines = [];
  const take = (line) => {
    lines.push(line);
    onLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', take);
  let timedOut = false;
  const timer =
    timeoutMs &&
    setTimeout(() => {
      timedOut = true;
      stop();
    }, timeoutMs);
  const code = await ended;
  clearTimeout(timer);
  return { code: timedOut ? 124 : code, timedOut, output: lines.join('\n') };
}
