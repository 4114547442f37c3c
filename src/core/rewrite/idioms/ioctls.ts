import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import { ownKeys } from '../../own-keys';
import type { CProgram } from '../c/program';
import { camel, snake, upper } from '../translate/names';
import type { IdiomParts } from './index';

/** A command: its constant, what makes it, and how its argument goes. */
interface Command {
  name: string;
  rust: string;
  value: string;
  macro: string;
}

/** A `switch` whose cases are commands that `_IO()` and its sisters make, as a match; undefined if they are not. */
export function ioctlSwitch(tree: SyntaxTree, node: number, program: CProgram): IdiomParts | undefined {
  const condition = tree.childByField(node, Field.condition);
  const body = tree.childByField(node, Field.body);
  if (condition === NONE || body === NONE) return undefined;
  const on = /^\(\s*(\w+)\s*\)$/.exec(tree.textOf(condition))?.[1];
  if (on === undefined) return undefined;
  const commands: Command[] = [];
  const structs = new Set<string>();
  for (const child of tree.children(body, true)) {
    if (tree.kinds[child] !== (CKind.case_statement as number)) continue;
    const value = tree.childByField(child, Field.value);
    if (value === NONE) continue; // default
    const command = commandOf(tree.textOf(value), program, structs);
    if (!command) return undefined;
    commands.push(command);
  }
  if (commands.length === 0) return undefined;
  const cmd = snake(on);
  const used = new Set(commands.map(({ macro }) => macro));
  const handler = ({ name, macro }: Command): string =>
    `${snake(name)}(${macro === '_IO' ? '' : macro === '_IOR' ? 'user.writer()' : macro === '_IOW' ? 'user.reader()' : 'user'})`;
  const transfers = [...used].some((macro) => macro !== '_IO');
  return {
    title:
      'Commands are numbers that their direction and type make; each gets as much of the user\u2019s memory as its type says',
    rust: [
      ...commands.map(({ rust, value }) => `const ${rust}: u32 = ${value};`),
      '',
      `fn ioctl(${cmd}: u32, ${transfers ? 'arg' : '_arg'}: usize) -> Result<isize> {`,
      ...(transfers ? [`    let user = UserSlice::new(UserPtr::from_addr(arg), _IOC_SIZE(${cmd}));`] : []),
      `    match ${cmd} {`,
      ...commands.map((command) => `        ${command.rust} => ${handler(command)}?,`),
      '        _ => return Err(ENOTTY),',
      '    }',
      '    Ok(0)',
      '}',
    ],
    items: [
      ...[...used].map((macro) => `kernel::ioctl::${macro}`),
      ...(transfers ? ['kernel::ioctl::_IOC_SIZE', 'kernel::uaccess::UserSlice', 'kernel::uaccess::UserPtr'] : []),
    ],
    imports: ['kernel::ioctl::*', 'kernel::uaccess::*'],
    around: [
      ...[...structs].map((name) => `#[repr(C)]\nstruct ${camel(name)};`),
      ...commands.map(
        ({ name, macro }) =>
          `fn ${snake(name)}(${macro === '_IO' ? '' : `_user: UserSlice${macro === '_IOR' ? 'Writer' : macro === '_IOW' ? 'Reader' : ''}`}) -> Result {\n    Ok(())\n}`,
      ),
      '',
    ],
    isItems: true,
  };
}

const COMMAND = /\b(_IO|_IOR|_IOW|_IOWR)\s*\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*(?:,\s*([^,()]+?)\s*)?\)\s*$/;

function commandOf(name: string, program: CProgram, structs: Set<string>): Command | undefined {
  const found = COMMAND.exec(macroText(program, name));
  if (!found) return undefined;
  const [, macro, type, number, argument] = found;
  const group = numberOf(type!, program);
  const nr = numberOf(number!, program);
  if (group === undefined || nr === undefined) return undefined;
  if (macro === '_IO') return { name, rust: upper(name), value: `_IO(${group}, ${nr})`, macro };
  const of = argument === undefined ? undefined : typeText(argument, structs);
  return of === undefined ? undefined : { name, rust: upper(name), value: `${macro!}::<${of}>(${group}, ${nr})`, macro: macro! };
}

/** What a macro stands for, without comments. */
function macroText(program: CProgram, name: string): string {
  const macro = program.macros.get(name);
  if (!macro || macro.parameters) return '';
  return program.files[macro.file]!.tree.text.slice(macro.start, macro.end)
    .replace(/^#\s*define\s+\w+\s*/, '')
    .replace(/\\\r?\n/g, ' ')
    .replace(/\/\*[^]*?\*\/|\/\/.*$/g, ' ')
    .trim();
}

/** A number of the file: a character constant is that of its letter, a macro what it stands for. */
function numberOf(text: string, program: CProgram, depth = 0): string | undefined {
  if (/^'[ -&(-[\]-~]'$/.test(text)) return `b${text} as u32`;
  if (/^(?:0[xX][0-9a-fA-F]+|0|[1-9]\d*)$/.test(text)) return text;
  return /^[A-Za-z_]\w*$/.test(text) && depth < 4 ? numberOf(macroText(program, text), program, depth + 1) : undefined;
}

const SCALARS: Record<string, string> = ownKeys({
  int: 'i32',
  unsigned: 'u32',
  'unsigned int': 'u32',
  long: 'isize',
  'unsigned long': 'usize',
  char: 'u8',
  'unsigned char': 'u8',
  short: 'i16',
  'unsigned short': 'u16',
  size_t: 'usize',
});

function typeText(text: string, structs: Set<string>): string | undefined {
  const plain = text.replace(/\s+/g, ' ');
  const fixed = /^(?:__)?([us])(8|16|32|64)$/.exec(plain) ?? /^(u?)int(8|16|32|64)_t$/.exec(plain);
  if (fixed) return `${fixed[1] === 'u' ? 'u' : 'i'}${fixed[2]!}`;
  const struct = /^struct (\w+)$/.exec(plain)?.[1];
  if (struct === undefined) return SCALARS[plain];
  structs.add(struct);
  return camel(struct);
}
