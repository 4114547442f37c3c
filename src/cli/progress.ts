/** Milliseconds between two drawings. */
const PAUSE = 100;
const WIDTH = 30;

/** A progress bar on standard error, if that is a terminal. */
export function progressBar(): { show: (done: number, total: number) => void; end: () => void } {
  if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined };
  let drawn = 0;
  return {
    show: (done, total) => {
      const now = Date.now();
      if (now - drawn < PAUSE) return;
      drawn = now;
      const full = Math.floor((WIDTH * done) / total);
      process.stderr.write(`\r[${'#'.repeat(full)}${' '.repeat(WIDTH - full)}] ${done} of ${total} files`);
    },
    end: () => {
      if (drawn > 0) process.stderr.write('\r\u001b[K');
    },
  };
}
