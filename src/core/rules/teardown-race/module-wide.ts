import type { DriverModel } from '../../driver';
import type { SyntaxTree } from '../../syntax';
import type { Report } from '../model';

/** Work and timers of a whole module: `static DECLARE_DELAYED_WORK(poll, poll_fn)`, `static struct timer_list tick`. Source: include/linux/workqueue.h, timer.h. */
const DECLARED =
  /^static\s+(?:(?:DECLARE_(?:DELAYED_|DEFERRABLE_)?WORK|DEFINE_TIMER|DECLARE_TASKLET)\s*\(\s*(\w+)\s*,|struct\s+(?:work_struct|delayed_work|timer_list|hrtimer)\s+(\w+)\s*;)/gm;
const STARTS =
  /^(?:schedule_(?:delayed_)?work(?:_on)?|queue_(?:delayed_)?work(?:_on)?|mod_delayed_work(?:_on)?|mod_timer|add_timer|hrtimer_start\w*|tasklet_(?:hi_)?schedule)$/;
const SETS_UP =
  /^(?:INIT_\w*WORK|timer_setup|hrtimer_(?:setup|init)|tasklet_(?:setup|init)|\w*_pending|hrtimer_(?:forward\w*|active)|sizeof)$/;
const STOPS = /cancel|flush|del|shutdown|kill|stop|disable|exit|cleanup|destroy|free|drain/;
const NOT_WAITING = /^(?:cancel_(?:delayed_)?work|del_timer|timer_delete|hrtimer_try_to_cancel)$/;

/** Agents of a module that are started and never stopped, though the module can be taken out. */
export function moduleWide(tree: SyntaxTree, model: DriverModel): Report[] {
  const { text } = tree;
  const exit = model.entryPoints.find(({ kind, container }) => kind === 'module-macro' && container === 'module_exit');
  const leaving = exit && model.functions.find(({ name }) => name === exit.function);
  if (!leaving || !/^static\s+(?:DE|struct\s+(?:work|del|timer|hrtimer))/m.test(text)) return [];
  const reports: Report[] = [];
  for (const { 1: first, 2: second, index } of text.matchAll(DECLARED)) {
    const name = (first ?? second)!;
    const calls = [...text.matchAll(new RegExp(`\\b(\\w+)\\s*\\(([^;(){}]*[,(\\s])?&${name}\\b(?![.\\w]|->)`, 'g'))];
    const others = text.match(new RegExp(`&\\s*${name}\\b`, 'g'))?.length ?? 0;
    const start = calls.find(([, callee]) => STARTS.test(callee!));
    // Handed on in a way that this does not read: somebody else may stop it.
    if (
      !start ||
      others !== calls.length ||
      !calls.every(([, callee]) => STARTS.test(callee!) || SETS_UP.test(callee!) || STOPS.test(callee!))
    )
      continue;
    const stops = calls.filter(([, callee]) => STOPS.test(callee!) && !STARTS.test(callee!) && !SETS_UP.test(callee!));
    const halfway = stops.every(([, callee]) => NOT_WAITING.test(callee!))
      ? stops.find((stop) => stop.index > leaving.start && stop.index < leaving.end)
      : undefined;
    if (stops.length > 0 && !halfway) continue;
    // A queue of the module's own waits for its work when it goes.
    if (/\b(?:destroy|flush|drain)_workqueue\s*\(|flush_scheduled_work/.test(text)) continue;
    reports.push({
      node: tree.nodeAt(halfway ? halfway.index : leaving.nameStart),
      function: leaving.name,
      related: [
        { start: index, end: index + text.slice(index).indexOf('\n'), message: `${name} is part of the module` },
        { start: start.index, end: start.index + start[1]!.length, message: `${start[1]!}() starts it here` },
      ],
      message: halfway
        ? `${halfway[1]!}() does not wait for ${name} to end, and the module's code goes after it`
        : `${leaving.name}() does not stop ${name}: it may run when the module's code is gone`,
    });
  }
  return reports;
}
