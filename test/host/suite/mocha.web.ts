// Mocha in the web worker extension host: its browser build, which puts `mocha` and `Mocha` on globalThis.
import 'mocha/mocha.js';

interface BrowserMocha {
  mocha: Mocha & { setup(options: Mocha.MochaOptions): void };
  Mocha: { reporters: { Base: { consoleLog: (first?: string, ...rest: unknown[]) => void }; Spec: Mocha.ReporterConstructor } };
}

/** What Mocha's reporters need of node:util's format. */
function format(first = '', ...rest: unknown[]): string {
  const text = first.replace(/%[sd]/g, () => String(rest.shift()));
  return [text, ...rest].join(' ');
}

/** The extension host that runs this bundle. */
export const host = 'web';

export function create(options: Mocha.MochaOptions, print: (text: string) => void): Mocha {
  const browser = globalThis as unknown as BrowserMocha;
  browser.Mocha.reporters.Base.consoleLog = (...args) => print(format(...args));
  browser.mocha.setup({ ...options, reporter: browser.Mocha.reporters.Spec });
  return browser.mocha;
}
