// Made by esbuild.mjs: the list of suites, and Mocha for the host at hand.
declare module 'virtual:suites' {
  export function load(): void;
}
declare module 'virtual:mocha' {
  export const host: 'node' | 'web';
  export function create(options: Mocha.MochaOptions, print: (text: string) => void): Mocha;
}
declare module 'mocha/mocha.js';
