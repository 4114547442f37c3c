/**
 * Memory of states: allocating an array costs more than filling it, and one function needs dozens that live for a moment. An array is as long as
 * its class, so that it serves functions of about the same size.
 */

/** Arrays are as long as the next multiple of this. */
const STEP_LENGTH = 128;
/** How many free arrays of a class are kept. */
const KEPT = 64;

const free: Int32Array[][] = [];

/** An array of at least `size` numbers, which may hold anything. All that are asked for with the same size are equally long. */
export function newState(size: number): Int32Array {
  const step = Math.ceil(size / STEP_LENGTH);
  return free[step]?.pop() ?? new Int32Array(step * STEP_LENGTH);
}

/** Takes an array of `newState` back; nobody may use it afterwards. */
export function reuse(state: Int32Array): void {
  const kept = (free[state.length / STEP_LENGTH] ??= []);
  if (kept.length < KEPT) kept.push(state);
}
