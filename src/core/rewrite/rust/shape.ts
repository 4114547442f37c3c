/** Width that rustfmt fills. */
export const WIDTH = 100;
/** Columns of one level. */
export const TAB = 4;

/**
 * Where an expression goes, as rustfmt has it: columns that its lines are indented by, columns of its first line before it, beyond
 * these, and columns that are left for it there.
 */
export interface Shape {
  indent: number;
  offset: number;
  width: number;
}

/** The column at which what has this shape starts. */
export const used = ({ indent, offset }: Shape): number => indent + offset;

/** Columns that something after it needs. */
export const overhead = (shape: Shape): number => Math.max(0, WIDTH - used(shape) - shape.width);

/** The shape of what follows `columns` on the same line; undefined if there is no room. */
export function after(shape: Shape, columns: number): Shape | undefined {
  return shape.width < columns ? undefined : { ...shape, offset: shape.offset + columns, width: shape.width - columns };
}

/** The same place with `columns` kept free behind it; undefined if there is no room. */
export function before(shape: Shape, columns: number): Shape | undefined {
  return shape.width < columns ? undefined : { ...shape, width: shape.width - columns };
}

/** A line of its own, `indent` columns in. */
export const line = (indent: number): Shape => ({ indent, offset: 0, width: Math.max(0, WIDTH - indent) });

export const newline = (indent: number): string => `\n${' '.repeat(indent)}`;
export const firstWidth = (text: string): number => (text.includes('\n') ? text.indexOf('\n') : text.length);
export const lastWidth = (text: string): number => text.length - (text.lastIndexOf('\n') + 1);
export const lineCount = (text: string): number => text.split('\n').length;

/** Whether the last line has only closing brackets, so that something may follow it there. */
export const isExtendable = (text: string): boolean => /(?:^|\n)[\s()\]}?>]*$/.test(text);

/** Whether `text` keeps within the lines that `shape` leaves it. */
export function fits(text: string, shape: Shape): boolean {
  if (firstWidth(text) > shape.width) return false;
  if (!text.includes('\n')) return true;
  return !text.split('\n').some((one, i) => i > 0 && one.length > WIDTH) && lastWidth(text) <= used(shape) + shape.width;
}
