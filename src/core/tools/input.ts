/** What a model sends: any JSON object. */
export type Input = Readonly<Record<string, unknown>>;

/** The input does not fit the tool's schema: the message says what is expected. */
export class InputError extends Error {}

/**
 * A text of the input.
 * @throws InputError if it is no text, or is missing and `required`
 */
export function textOf(input: Input, name: string, required: true): string;
export function textOf(input: Input, name: string): string | undefined;
export function textOf(input: Input, name: string, required = false): string | undefined {
  const value = input[name];
  if (value === undefined && !required) return undefined;
  if (typeof value !== 'string' || value === '') throw new InputError(`"${name}" must be a text that is not empty`);
  return value;
}

/** @throws InputError if it is no list of texts with at least one element */
export function textsOf(input: Input, name: string): string[] {
  const value = input[name];
  if (!Array.isArray(value) || value.length === 0 || !value.every((one) => typeof one === 'string' && one !== ''))
    throw new InputError(`"${name}" must be a list of texts with at least one element`);
  return value as string[];
}

/** @throws InputError if it is there and no whole number from 1 on */
export function numberOf(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || (value as number) < 1) throw new InputError(`"${name}" must be a whole number from 1 on`);
  return value as number;
}
