import type { FunctionDefinition } from '../../driver';
import { kernelApis } from '../api';
import type { Report, RuleContext } from '../model';

/** Functions that are meant to leave with a lock, by their name. */
const FOR_CALLER =
  /lock|begin|start|acquire|enter|get|prepare|open|down|freeze|quiesce|suspend|pause|block|grab|own|claim|hold|wait|pre_|_pre|reserve|init/;
const KINDS: ReadonlySet<string> = new Set(['spin', 'mutex', 'rwsem-read', 'rwsem-write', 'rwlock-read', 'rwlock-write']);
const LOCKS = new Map(
  [...kernelApis().values()].flatMap((api) => (api.lock && KINDS.has(api.lock.kind) ? [[api.name, api.lock] as const] : [])),
);
const NAMES: ReadonlySet<string> = new Set(LOCKS.keys());

interface Uses {
  taken: number[];
  given: number;
}

/**
 * Functions that take a lock and give it back nowhere, in a file whose other functions all give it back themselves: so that
 * nobody is left who would do it.
 */
export function neverGivenBack({ tree, model, calls }: RuleContext): Report[] {
  const byLock = new Map<string, Map<FunctionDefinition, Uses>>();
  for (const { name, node, arguments: args } of calls(NAMES)) {
    const inside = model.functions.find(({ start, end }) => tree.starts[node]! >= start && tree.starts[node]! < end);
    const last = /(\w+)(?:\[[^\]]*\])?\s*\)*$/.exec(tree.textOf(args[0] ?? node))?.[1];
    if (!inside || last === undefined) continue;
    const { kind, does } = LOCKS.get(name)!;
    const key = `${kind} ${last}`;
    let functions = byLock.get(key);
    if (!functions) byLock.set(key, (functions = new Map<FunctionDefinition, Uses>()));
    const uses = functions.get(inside) ?? { taken: [], given: 0 };
    if (does === 'give') uses.given++;
    else uses.taken.push(does === 'take' ? node : -1);
    functions.set(inside, uses);
  }
  const reports: Report[] = [];
  for (const functions of byLock.values()) {
    const all = [...functions];
    // Somebody gives back what he has not taken, or there is nobody to compare with.
    if (all.some(([, { taken, given }]) => given > 0 && taken.length === 0) || !all.some(([, { given }]) => given > 0)) continue;
    for (const [definition, { taken, given }] of all) {
      const [node] = taken;
      if (given > 0 || taken.length !== 1 || node === undefined || node < 0 || isForCaller(tree.text, definition)) continue;
      const after = tree.text.slice(tree.ends[node], definition.end);
      if (isGivenByCallee(after, all) || usesUnlockingMacro(tree.text, after)) continue;
      if (tree.hasError(definition.node)) continue;
      const lock = tree.textOf(calls(NAMES).find((call) => call.node === node)!.arguments[0]!).replace(/^&/, '');
      reports.push({
        node,
        function: definition.name,
        message: `${definition.name}() takes ${lock} and gives it back on no way out; the other functions that take it do`,
      });
    }
  }
  return reports;
}

/** A function that is called with the lock held, and takes and gives it back itself, gives it back first: else it would wait for ever. */
const isGivenByCallee = (after: string, all: readonly (readonly [FunctionDefinition, Uses])[]): boolean =>
  all.some(([{ name }, { given }]) => given > 0 && new RegExp(`\\b${name}\\s*\\(`).test(after));

/** A macro of the file gives locks back: `#define wait_for(a, what) … mutex_unlock(&(a)->gate); goto out;`. */
const usesUnlockingMacro = (text: string, after: string): boolean =>
  [...text.matchAll(/#\s*define\s+(\w+)\(((?:[^\n]*\\\n)*[^\n]*)/g)].some(
    ([, name, body]) => /unlock|\bup_(?:read|write)\b/.test(body!) && new RegExp(`\\b${name!}\\s*\\(`).test(after),
  );

/** Whether a function may leave with the lock, for its caller or for a callee that gives it back. */
function isForCaller(text: string, { name, start, end }: FunctionDefinition): boolean {
  const own = text.slice(start, end);
  return (
    FOR_CALLER.test(name) ||
    /__acquires|__cond_acquires|__releases|__must_hold|\w*(?:un|_|re)lock\w*_?(?:all|both|pair)|#\s*if|\bnoreturn\b|\bpanic\s*\(|\bguard\s*\(/.test(
      own,
    ) ||
    // A function of another file, or a macro, gives it back.
    (own.match(/\b\w*(?:unlock|release|_put|finish|_end|done|exit)\w*\s*\(/gi)?.length ?? 0) > 0 ||
    new RegExp(`lock\\w*\\s+(?:is|are|stays?|remains?|will be)[^.]*(?:held|released)`, 'i').test(
      text.slice(Math.max(0, start - 600), end),
    )
  );
}
