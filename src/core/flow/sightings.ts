import { CKind, type SyntaxTree } from '../syntax';
import { countsReferences, isCompared, isCursorExplained, isInMacro, isStepped, mayBeSet } from './certain';
import { correlated } from './correlated';
import { callsBetween, inevitable } from './inevitable';
import { Known, Test, type FlowCall } from './ir';
import { SlotKind } from './paths';
import type { Run } from './run';
import { Fact, May, siteOf } from './state';
import { isAskedByCall } from './asked';

/** Look-ups that fail only if the caller's own books are wrong. */
const NOT_EXPECTED =
  /^(?:xa_load|idr_find|usb_ifnum_to_if|ACPI_COMPANION|of_get_parent|of_get_next_parent|nla_nest_start\w*|pinctrl_lookup_state)$/;

/** A pointer is used, or passed to `callee`, after the call that its fact names has freed it. */
export function useAfterFree(run: Run, slot: number, fact: number, node: number, callee: string): void {
  const site = siteOf(fact);
  const call = run.f.calls[site];
  if (!call || call.cleanup) return;
  const name = run.nameOf(slot);
  if (name === '' || isStepped(run.tree, run.f, name, node, call.node)) return;
  const isOwn = run.file.summaryOf(call.name) !== undefined;
  if (isCompared(run.tree, run.f.node, name, node, call.node, isOwn) || countsReferences(run.f)) return;
  // The structure of a page stays.
  if (/^__?free_pages?$/.test(call.name)) return;
  run.say(
    'use-after-free',
    node,
    name,
    call.name,
    [{ node: call.node, message: `${call.name}() ${fact & Fact.dropped ? 'gives back the reference' : 'frees it'} here` }],
    callee,
  );
}

/** A pointer is followed that can only be NULL here. */
export function nullDereference(run: Run, slot: number, value: number, fact: number, node: number): void {
  if (!(fact & Fact.byTest)) {
    // Known as NULL by assignment: right, but a loop that sets it may have been cut short.
    return;
  }
  const from = run.machine.aux(value);
  const test = run.f.blocks[from];
  const name = run.nameOf(slot);
  if (run.f.slots.kinds[slot] === (SlotKind.field as number) && callsBetween(run.f, from, run.block - 1)) return;
  // By another name it may be another pointer by now.
  if (test?.test !== Test.truth || test.slot !== slot || test.isLoop || !inevitable(run.f, from, run.block, slot)) return;
  if (name === '' || run.f.slots.kinds[run.f.slots.root(slot)] === (SlotKind.global as number)) return;
  if (isAskedByCall(run, slot, run.f.node, test.node) || isOfPrint(run.tree, test.node)) return;
  run.say('null-dereference', node, name, '', [{ node: test.node, message: `${name} is NULL after this test` }]);
}

/** `dprintk("%d\n", cfg ? cfg->address : -1)`: who prints is prepared for what never comes. */
function isOfPrint(tree: SyntaxTree, test: number): boolean {
  const choice = tree.parents[test]!;
  const call = tree.parents[tree.parents[choice]!]!;
  return (
    tree.kinds[choice] === (CKind.conditional_expression as number) &&
    tree.kinds[call] === (CKind.call_expression as number) &&
    /^\w*(?:dbg|debug|print|pr_\w+)\w*\s*\(/i.test(tree.textOf(call))
  );
}

/** The cursor of a loop over a list is followed after the list came to its end. */
export function cursorAfterLoop(run: Run, slot: number, number: number, node: number): void {
  const loop = run.f.loops[number];
  const name = run.nameOf(slot);
  const compared = new RegExp(
    `is_head\\s*\\(\\s*${name}\\b|&${name}->\\w+\\s*[!=]=|[!=]=\\s*&${name}->|[!=]=\\s*${name}\\b|\\b${name}\\s*[!=]=`,
  );
  // p->list.prev is a link of the head, as it should be; p->list is the head itself.
  const member = /,\s*(\w+)\s*\)$/.exec(loop ? run.tree.textOf(loop.call) : '')?.[1] ?? 'list';
  if (new RegExp(`\\.(?:prev|next)$|->${member}\\b`).test(run.tree.textOf(run.tree.parents[node]!))) return;
  if (
    loop &&
    new RegExp(`\\b${name}\\s*=[^=]|list\\w*\\([^;]*\\b${name},`).test(
      run.tree.text.slice(run.tree.ends[loop.node], run.tree.starts[node]),
    )
  )
    return;
  if (loop && isCursorExplained(run.tree, loop.node, run.tree.textOf(loop.call), node)) return;
  if (loop && /^\w+$/.test(name) && !compared.test(run.text))
    run.say('cursor-after-loop', node, name, loop.name, [
      { node: loop.call, message: `${loop.name}() may come to the end of the list` },
    ]);
}

/** A pointer is followed that can only be an error pointer here. */
export function errorDereference(run: Run, slot: number, value: number, fact: number, node: number): void {
  if (!(fact & Fact.byTest)) return;
  const test = run.f.blocks[run.machine.aux(value)];
  const name = run.nameOf(slot);
  if (test && name !== '')
    run.say('error-pointer-dereference', node, name, '', [
      { node: test.node, message: `${name} is an error pointer after this test` },
    ]);
}

/** A result that may be a failure is used. */
export function unchecked(run: Run, slot: number, fact: number, site: number, node: number, callee: string): void {
  const call = run.f.calls[site];
  const summary = call && !call.api ? run.file.summaryOf(call.name) : undefined;
  const fails = summary ? (summary.givesErrors ? 'error' : summary.mayGiveNothing ? 'null' : undefined) : call?.fails;
  const name = run.nameOf(slot);
  if (
    !call ||
    !fails ||
    name === '' ||
    neverFails(run, call.name, call.nodes) ||
    run.file.isTest ||
    NOT_EXPECTED.test(call.name) ||
    (!call.api && isToldOtherwise(run, call, slot, node)) ||
    isAskedByCall(run, slot, call.node, node)
  )
    return;
  // Without the property its length stays 0, so that nothing is read.
  if (call.name === 'of_get_property' && !/^(?:NULL)?$/.test(run.tree.textOf(call.nodes[2] ?? 0))) return;
  if (call.name.startsWith('platform_get_resource') && run.file.providesResources(run.f.name)) return;
  const related = [{ node: call.node, message: `${call.name}() may fail here` }];
  if (fails === 'null' && fact & May.zero && !asksElsewhere(run, slot))
    run.say('unchecked-allocation', node, name, call.name, related, callee);
  else if (fails === 'error' && fact & May.negative && !(fact & May.zero) && !run.errorTested.has(site))
    run.say('unchecked-error-pointer', node, name, call.name, related, callee);
}

/** What finds or gets: that it is there may be known, though it need not be in general. */
const LOOKS_UP = /(?:^|_)(?:get|find|lookup|search)(?:_|$)/;

/**
 * Of what is not known of by hand: whether the failure may be told in another way. It was handed to a function that may have asked, and
 * said so; the call tells it in a variable beside, too; or the result is compared with something.
 */
function isToldOtherwise(run: Run, made: FlowCall, slot: number, node: number): boolean {
  const { f, tree } = run;
  const isVariableOf = (given: number): boolean =>
    f.slots.kinds[given] === (SlotKind.address as number) && f.slots.kinds[f.slots.bases[given]!] === (SlotKind.local as number);
  if (LOOKS_UP.test(made.name) || made.slots.some(isVariableOf)) return true;
  const between = tree.text.slice(tree.starts[made.node], tree.starts[node]);
  if (between.includes('ERR_PTR(')) return true;
  const from = f.calls.indexOf(made);
  return f.calls.some((call, number) => number > from && call.node < node && !call.api && call.slots.includes(slot));
}

/** Some test before this block asks for the pointer, under a condition that this way does not meet. */
function asksElsewhere(run: Run, slot: number): boolean {
  for (let block = 0; block < run.block; block++)
    if (run.f.blocks[block]!.slot === slot && run.f.blocks[block]!.test === Test.truth) return true;
  return false;
}

function neverFails(run: Run, name: string, nodes: readonly number[]): boolean {
  if (name === 'mempool_alloc') return !/ATOMIC|NOWAIT/.test(run.tree.textOf(nodes[1] ?? 0));
  // The flags may be in a variable.
  if (nodes.some((node) => run.tree.textOf(node) === 'gfp') && run.text.includes('__GFP_NOFAIL')) return true;
  return nodes.some((node) => run.tree.textOf(node).includes('NOFAIL'));
}

/** A variable is looked at that nothing has set; `how`: followed, tested, returned. */
export function uninitialised(run: Run, slot: number, value: number, node: number, how: string): void {
  const name = run.nameOf(slot);
  if (run.machine.value(slot) !== slot || correlated(run.f, value, run.block, (slot) => isUnclear(run, slot))) return;
  const declared = run.f.slots.nodes[value]!;
  if (name === '' || run.f.slots.kinds[value] !== (SlotKind.local as number) || isSetByMacro(run, name, node)) return;
  if (mayBeSet(run.tree, run.f, name, node) || isInMacro(run.tree, run.f, node)) return;
  run.say('uninitialised', node, name, '', [{ node: declared, message: `${name} is declared without a value` }], how);
}

/** A macro of the file sets a variable of this name, or one is handed the variable that takes its result: `p = find(p, list, p->x)`. */
function isSetByMacro(run: Run, name: string, node: number): boolean {
  const { text, lineStarts } = run.tree;
  const line = text.slice(lineStarts[run.tree.lineAt(run.tree.starts[node]!)], run.tree.starts[node]);
  if (new RegExp(`\\b${name}\\s*=\\s*\\w+\\([^;]*\\b${name}\\b|\\b${name}\\s*=\\s*\\w+\\([^;]*$`).test(line)) return true;
  run.file.looksAround();
  return new RegExp(`#\\s*define\\s(?:[^\\n]*\\\\\\r?\\n)*[^\\n]*(?:&${name}\\b|\\b${name}\\s*=[^=])`).test(text);
}

/** A constant of the kernel: what its number is, nobody has said. */
const isUnclear = (run: Run, slot: number): boolean => {
  const value = run.machine.value(slot);
  return run.machine.isConstant(value) && /^_*[A-Z]/.test(run.f.slots.names[value]!);
};

/** A place is indexed: where does the number come from? */
export function index(run: Run, base: number, index: number, node: number, isAccess: boolean): void {
  if (index >= (Known.count as number)) run.file.bounds.index(run, base, index, node, isAccess);
}
