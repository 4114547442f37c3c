import type { SyntaxTree } from '../../syntax';
import type { OutsideNumber } from './reading';

/** A use of a number from outside that goes wrong if the number is too large. */
export interface OutsideUse {
  node: number;
  number: OutsideNumber;
  /** The expression that is the number there. */
  at: number;
  message: (name: string) => string;
}

/** An expression in a message: in one line, and not longer than one. */
export const shown = (tree: SyntaxTree, node: number): string => tree.textOf(node).replace(/\s+/g, ' ').slice(0, 60);
