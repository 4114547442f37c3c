import type { CType } from '../c/ast';
import { camel, snake } from '../translate/names';
import type { IdiomCall, IdiomParts } from './index';

/** Makes the idiom of a call; undefined if the call is not of the kind that it is for. */
export type Make = (call: IdiomCall) => IdiomParts | undefined;

/** A C name as that of a Rust variable; `other` if there is none. */
export const local = (name: string | null, other: string): string => {
  const text = snake(name ?? other);
  return text === 'r#priv' ? 'priv_' : text;
};

/** The Rust type of a scalar or structure of the file. */
export function typeText(type: CType | null): string | null {
  switch (type?.k) {
    case 'int':
      return type.of;
    case 'bool':
      return 'bool';
    case 'struct':
      return camel(type.name);
    default:
      return null;
  }
}

/** A type of the file, declared so that an example of its use compiles. */
export const declared = (type: string): string[] =>
  /^[A-Z]/.test(type) ? ['#[derive(Clone, Default)]', `struct ${type};`, ''] : [];
