export interface RandomEdit {
  start: number;
  oldEnd: number;
  inserted: string;
}
interface Point {
  row: number;
  column: number;
}
export function seeded(seed: number): (limit: number) => number;
export function randomEdit(text: string, next: (limit: number) => number): RandomEdit;
export function pointAt(text: string, offset: number): Point;
export function applyEdit(
  text: string,
  edit: RandomEdit,
): {
  text: string;
  edit: {
    startIndex: number;
    oldEndIndex: number;
    newEndIndex: number;
    startPosition: Point;
    oldEndPosition: Point;
    newEndPosition: Point;
  };
};
