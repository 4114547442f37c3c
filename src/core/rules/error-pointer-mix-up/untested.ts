import { functionAt } from '../../driver';
import { derivedFailures, kernelApis } from '../api';
import type { Report, RuleContext } from '../model';
import { isOwnMemory } from '../unchecked-allocation/known-there';
import { assignedTo, isTested, isUsed, lastName, namesOf } from '../unchecked-allocation/untested';

/** What the kernel's functions take as it is: they look for error pointers themselves, or nothing needs the result. Sources: drivers/gpio/gpiolib.c, drivers/reset/core.c, fs/debugfs/inode.c, drivers/i2c/i2c-core-base.c. */
const TOLERATED =
  /debugfs|gpiod|reset_control|optional|class_create|device_create|pinctrl|icc|thermal|led_|_register|^proc_|phy_connect|xa_|idr_|drm_atomic_get|folio|bpf|_set_|key|^i2c_new_/;

/** Functions that say that they failed by an error pointer. */
const GIVERS: ReadonlySet<string> = new Set(
  [
    ...[...kernelApis().values()].filter(({ fails }) => fails === 'error').map(({ name }) => name),
    ...[...derivedFailures()].filter(([, fails]) => fails === 'error').map(([name]) => name),
  ].filter((name) => !TOLERATED.test(name)),
);

/** Results that may be error pointers and that nothing tests, in this function or where they are kept. */
export function untestedErrors({ tree, model, calls }: RuleContext): Report[] {
  const reports: Report[] = [];
  for (const { name, node } of calls(GIVERS)) {
    const place = assignedTo(tree, node);
    const inside = functionAt(model, tree.starts[node]!);
    if (place === '' || !inside || tree.hasError(inside.node)) continue;
    const text = tree.text.slice(inside.start, inside.end);
    const rest = tree.text.slice(tree.ends[node], inside.end);
    const kept = namesOf(text, place);
    if (
      !kept ||
      isTested(tree.text, tree.text.slice(tree.starts[inside.body], inside.end), place, kept) ||
      !isUsed(tree, model, inside, rest, place) ||
      isOwnMemory(tree, inside, node)
    )
      continue;
    if (/->|\./.test(place) && (!isFollowedHere(tree.text, lastName(place)) || isLeftToCaller(tree.text, text, rest, place)))
      continue;
    reports.push({
      node,
      function: inside.name,
      message: `${name}() may return an error pointer, and nothing tests ${place} for it`,
    });
  }
  // A test may ask for what it does not test.
  return reports.length > 0 && /<kunit\/|KUNIT_EXPECT/.test(tree.text) ? [] : reports;
}

/** The last that a function does for a structure of other files, whose functions may test it: `b->map = f(); }`, `b->map = f(); return b;`. */
function isLeftToCaller(file: string, text: string, rest: string, place: string): boolean {
  const root = /^(\w+)->\w+$/.exec(place)?.[1];
  if (root === undefined || !new RegExp(`^[\\s;]*(?:\\}\\s*$|return\\s+${root}\\s*;)`).test(rest)) return false;
  const type = new RegExp(`\\bstruct\\s+(\\w+)\\s*\\*+\\s*${root}\\b`).exec(text)?.[1];
  return type !== undefined && !new RegExp(`\\bstruct\\s+${type}\\s*\\{`).test(file);
}

/** The file does something with the member, and tests no variable that takes its value for an error. */
function isFollowedHere(file: string, member: string): boolean {
  if (!new RegExp(`(?:->|\\.)${member}\\b(?:\\[[^\\]]*\\])*(?!\\s*(?:\\[[^\\]]*\\]\\s*)*=[^=])`).test(file)) return false;
  for (const [, alias] of file.matchAll(
    new RegExp(`\\b(\\w+)\\s*=\\s*[\\w>.-]*(?:->|\\.)${member}\\b(?:\\[[^\\]]*\\])*\\s*;`, 'g'),
  ))
    if (new RegExp(`\\b(?:IS_ERR\\w*|PTR_ERR\\w*)\\s*\\(\\s*${alias!}\\b`).test(file)) return false;
  return true;
}
