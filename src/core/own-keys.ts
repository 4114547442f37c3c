/**
 * A table that is asked for names out of C: it has the given rows and nothing else, while a plain object also answers to
 * `constructor`, `toString`, `__proto__` and other identifiers that a C file may well define.
 * @returns the same object, without prototype
 */
export function ownKeys<T extends object>(rows: T): T {
  return Object.setPrototypeOf(rows, null) as T;
}
