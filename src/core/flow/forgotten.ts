import { leavesToCaller } from '../rules/api';
import type { FlowCall } from './ir';
import type { Run } from './run';

/** Families of objects that are nobody's but who asked for them. */
const FORGETTABLE: ReadonlySet<string> = new Set(['slab', 'kvmem', 'vmem', 'skb', 'bitmap', 'filp', 'fileref', 'urb']);
const REPORTS = /^(?:pr|dev|netdev|net|wiphy)_(?:err|warn|info|dbg|notice)|printk|^print_hex_dump/;

/**
 * Whether an object in a variable of the function is nobody else's at a way out, whatever is returned: it is stored nowhere, nor is a part of it,
 * nobody was told of it who may keep it, and nothing gives it back.
 */
export function isForgotten(run: Run, { api, node: made }: FlowCall, key: number, node: number, name: string): boolean {
  const { tree, f, text } = run;
  if (key !== 0 || !FORGETTABLE.has(api?.gives ?? '') || !/^\w+$/.test(name) || tree.textOf(node).includes(name)) return false;
  for (const call of f.calls)
    for (let i = 0; i < call.nodes.length; i++) {
      if (!tree.hasText(call.nodes[i]!, name) || call.api?.borrows || REPORTS.test(call.name)) continue;
      const summary = call.api ? undefined : run.file.summaryOf(call.name);
      if (summary ? summary.keeps.has(i) : leavesToCaller(call.name, i) === undefined && !call.api?.reads?.includes(i))
        return false;
    }
  const known = keptIn.get(run) ?? new Map<string, boolean>();
  keptIn.set(run, known);
  let isKept = known.get(name);
  if (isKept === undefined) {
    const own = tree.text.slice(tree.starts[made], tree.ends[f.node]);
    isKept =
      keeping(name).test(own) || (text.match(new RegExp(`(?<![\\w>.])${name}\\s*=(?!=)(?!\\s*NULL)`, 'g')) ?? []).length > 1;
    known.set(name, isKept);
  }
  return !isKept;
}

/** What was found of the variables of a function. */
const keptIn = new WeakMap<Run, Map<string, boolean>>();

/** It, its address, a part or an element of it is stored or handed on; it is swapped with another, or given back by a name that says so. */
const keeping = (name: string): RegExp =>
  new RegExp(
    [
      `[^=!<>]=\\s*(?:\\([^()]*\\)\\s*)?${name}\\b(?!\\s*(?:->|\\[|[=!]=))`,
      `&\\s*${name}\\s*(?:->|\\[)`,
      `=\\s*\\([^()]*\\*\\s*\\)\\s*\\(?\\s*${name}\\b`,
      `(?:->|\\.)\\w+\\s*=\\s*${name}\\s*->`,
      `\\b${name}\\s*[+]`,
      `\\b\\w*(?:swap|free|put|release|destroy|ignore|leak|sg_init_one|sg_set_buf)\\w*\\s*\\([^;()]*\\b${name}\\b`,
      `[{,]\\s*(?:\\.\\w+\\s*=\\s*)?${name}\\s*[,}](?=[^()]*\\})`,
    ].join('|'),
  );

/**
 * A USB request in a variable of the function that was sent, and that only an anchor knows besides: the anchor has a reference of its own, and
 * gives it back when the request is done. The function's own is lost, unless the callback puts it. Source: drivers/usb/core/urb.c, usb_anchor_urb().
 */
export function isOnlyAnchored(run: Run, { api }: FlowCall, key: number, name: string): boolean {
  const { f, file, tree } = run;
  if (api?.gives !== 'urb' || !/^\w+$/.test(name)) return false;
  if (f.calls[(key >> 3) - 1]?.name !== 'usb_submit_urb') return false;
  const isOf = (call: FlowCall): boolean => run.nameOf(call.slots[0] ?? 0) === name;
  if (!f.calls.some((call) => call.name === 'usb_anchor_urb' && isOf(call))) return false;
  const filled = f.calls.find((call) => call.name.startsWith('usb_fill_') && isOf(call));
  if (!filled) return false;
  const callback = tree.textOf(filled.nodes[filled.name === 'usb_fill_control_urb' ? 6 : 5] ?? filled.node);
  const definition = file.model.functions.find((one) => one.name === callback);
  if (!definition) return false;
  file.looksAround();
  return !/\busb_(?:free|put)_urb\s*\(/.test(tree.text.slice(definition.start, definition.end));
}
