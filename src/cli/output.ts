import { once } from 'node:events';

/** Writes to standard output and waits while the reader is behind, so that a whole tree's annotations never pile up in memory. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** Colours `text` if standard output is a terminal that wants colours (https://no-color.org). */
export function coloured(colour: keyof typeof COLOURS, text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
}
