// Mocha in the Node extension host.
import Mocha from 'mocha';
import { format } from 'node:util';

/** The extension host that runs this bundle. */
export const host = 'node';

export function create(options: Mocha.MochaOptions, print: (text: string) => void): Mocha {
  (Mocha.reporters.Base as unknown as { consoleLog: (...args: unknown[]) => void }).consoleLog = (...args) =>
    print(format(...args));
  const mocha = new Mocha({ ...options, reporter: 'spec' });
  mocha.suite.emit('pre-require', globalThis, '', mocha); // puts describe and it on globalThis
  return mocha;
}
