import type { DriverModel, FunctionDefinition } from '../../driver';
import { kernelApis } from '../api';

/** What undoes a function that succeeded, and is not called if it failed: by the last words of the names. */
const COUNTERPARTS: readonly (readonly [RegExp, RegExp])[] = [
  [/_probe$/, /_remove$/],
  [/_open$/, /_(?:close|stop|release)$/],
  [/_bind$/, /_unbind$/],
  [/_startup$/, /_shutdown$/],
];

/**
 * Functions whose core undoes them even if they fail, by what they are called and handed. Sources: drivers/mailbox/mailbox.c,
 * __mbox_bind_client(), shuts down the channel that did not start; drivers/tty/tty_io.c, tty_open(), closes the terminal that did not
 * open; drivers/gpib/common/iblib.c, ibonline(), detaches the board that was not attached.
 */
const UNDONE_THOUGH_FAILED =
  /_startup\s*\([^)]*\bstruct\s+mbox_chan\b|_open\s*\([^)]*\bstruct\s+tty_struct\b|_attach\s*\([^)]*\bstruct\s+gpib_board\b/;

/** Whether who calls the function undoes it when it has failed, too: nothing is left. */
export const isUndoneThoughFailed = (source: string, { start, end }: FunctionDefinition): boolean =>
  UNDONE_THOUGH_FAILED.test(source.slice(start, end).split('{', 1)[0]!);

/** What switches a group of the kernel's functions off again, by name. */
const offNames = (group: string): string[] =>
  [...kernelApis().values()].flatMap(({ name, lock }) =>
    lock?.kind === 'pair' && lock.does === 'give' && lock.group === group ? [name] : [],
  );

/**
 * The place in the function that undoes `function_` where what is left switched on is switched off: its success is undone there,
 * its failure is not. Undefined if the file has none, or `function_` leaves the undoing to others.
 * @param text what is switched on, as the function says it: `priv->clk`
 */
export function undoneIn(
  source: string,
  model: DriverModel,
  function_: FunctionDefinition,
  group: string,
  text: string,
): { name: string; start: number; end: number } | undefined {
  const field = /(?:->|\.)(\w+)(?:\[\w+\])?$/.exec(text)?.[1] ?? (/^p(?:ci_?)?dev$/.test(text) ? text : undefined);
  const off = offNames(group);
  if (field === undefined || off.length === 0) return undefined;
  const own = source.slice(function_.start, function_.end);
  if (/\bdevm_add_action|\bpcim_|\bdrmm_|\b__free\b/.test(own)) return undefined;
  const switchesOff = new RegExp(`\\b(?:${off.join('|')})\\s*\\(\\s*&?[\\w.>[\\]-]*\\b${field}(?:\\[\\w+\\])?\\s*[,)]`);
  const undoing = model.functions.flatMap(({ name, start, end }) => {
    const found = switchesOff.exec(source.slice(start, end));
    return found ? [{ name, start: start + found.index, end: start + found.index + found[0].length }] : [];
  });
  // It calls, or hands on, what switches it off.
  if (undoing.some(({ name }) => new RegExp(`\\b${name}\\b`).test(own.slice(own.indexOf('{'))))) return undefined;
  const removes = new Set(
    model.entryPoints.flatMap(({ kind, function: name }) => (kind === 'remove' && name !== null ? [name] : [])),
  );
  const isProbe = model.entryPoints.some(({ kind, function: name }) => kind === 'probe' && name === function_.name);
  return undoing.find(({ name }) => {
    // Who calls it by hand may do so when this fails.
    if (
      model.functions.some(
        ({ name: other, start, end }) => other !== name && new RegExp(`\\b${name}\\s*\\(`).test(source.slice(start, end)),
      )
    )
      return false;
    if (isProbe && removes.has(name)) return true;
    return COUNTERPARTS.some(
      ([does, undoes]) =>
        does.test(function_.name) && undoes.test(name) && function_.name.replace(does, '') === name.replace(undoes, ''),
    );
  });
}
