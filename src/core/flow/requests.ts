import { Known, type FlowCall } from './ir';
import type { Run } from './run';
import { Fact } from './state';

/** The buffer and the context of a USB request that the function sends itself: whose they are is known when it was sent. */
export function hangsOnRequest({ f, tree, file }: Run, { name, slots }: FlowCall, number: number, argument: number): boolean {
  return (
    !file.asksWhoKeeps &&
    argument > 2 &&
    FILLS_REQUEST.test(name) &&
    f.calls.some((other, i) => i > number && other.name === 'usb_submit_urb' && other.slots[0] === slots[0]) &&
    !FREES_BY_REQUEST.test(tree.textOf(f.node))
  );
}

/** The request frees its buffer, or what hangs on it is freed by its name: `kfree(urb->setup_packet)`. */
const FREES_BY_REQUEST = /URB_FREE_BUFFER|free\w*\s*\([^;()]*->(?:setup_packet|transfer_buffer|context)\b/;

const FILLS_REQUEST = /^usb_fill_(?:bulk|int|control)_urb$/;

/** A USB request is sent: if that fails, what hangs on it is the function's own still. */
export function sendsRequest({ machine, f, leftOnFailure }: Run, { slots }: FlowCall, number: number): void {
  for (let i = 0; i < number; i++) {
    const { name, slots: filled } = f.calls[i]!;
    if (filled[0] !== slots[0] || !FILLS_REQUEST.test(name)) continue;
    for (const slot of filled.slice(3)) {
      const value = machine.value(slot);
      if (slot < (Known.count as number) || !(machine.fact(value) & Fact.owned)) continue;
      machine.setAux(value, number + 1);
      leftOnFailure.add(number);
    }
  }
}
