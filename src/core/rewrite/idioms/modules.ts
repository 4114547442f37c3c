import { ownKeys } from '../../own-keys';
import type { CExpr, Scalar } from '../c/ast';
import { stringOf } from '../c/program';
import { snake } from '../translate/names';
import type { IdiomCall, IdiomParts } from './index';

const TYPES: Record<string, Scalar | 'bool'> = ownKeys({
  byte: 'u8',
  short: 'i16',
  ushort: 'u16',
  int: 'i32',
  uint: 'u32',
  long: 'isize',
  ulong: 'usize',
  ullong: 'u64',
  hexint: 'u32',
  bool: 'bool',
});

/** `module_param(name, type, perm)` with its first value and description, as a row of `module!`. */
export function moduleParameter(call: IdiomCall): IdiomParts | undefined {
  const [name, kind] = call.args;
  // `bool` is a type to the parser.
  const word = kind?.k === 'id' ? kind.name : kind?.k === 'type' ? (kind.type.k === 'bool' ? 'bool' : 'int') : '';
  const type = TYPES[word];
  if (name?.k !== 'id' || type === undefined) return undefined;
  const init = call.program.globals.get(name.name)?.init ?? null;
  const first = firstValue(init, type);
  if (first === undefined) return undefined;
  const description = call.program.calls.find(
    (other) => other.name === 'MODULE_PARM_DESC' && other.args[0]?.k === 'id' && other.args[0].name === name.name,
  );
  const text = stringOf(call.program, description?.args[1]);
  const parameter = snake(name.name);
  const value = call.catalogue.items().find(({ path }) => path === 'kernel::module_param::ModuleParamAccess::value');
  const byReference = value?.signature?.endsWith('-> &T') === true;
  return {
    title: 'Parameters stand in module!, typed; they are set when the module is loaded, and not in sysfs',
    rust: [
      'module! {',
      '    type: Driver,',
      '    name: "driver",',
      '    license: "GPL",',
      '    params: {',
      `        ${parameter}: ${type} {`,
      `            default: ${first},`,
      `            description: "${text !== null && /^[ !#-[\]-~]+$/.test(text) ? text : name.name}",`,
      '        },',
      '    },',
      '}',
      '',
      'impl kernel::Module for Driver {',
      "    fn init(_module: &'static ThisModule) -> Result<Self> {",
      `        let ${parameter} = ${byReference ? '*' : ''}module_parameters::${parameter}.value();`,
      `        pr_info!("${parameter} is {}\\n", ${parameter});`,
      '        Ok(Self)',
      '    }',
      '}',
    ],
    items: ['kernel::module_param::ModuleParam', ...(type === 'bool' ? ['kernel::module_param::PARAM_OPS_BOOL'] : [])],
    around: ['struct Driver;', ''],
    isModule: true,
  };
}

/** The first value as the macro takes it: a literal. */
function firstValue(e: CExpr | null, type: Scalar | 'bool'): string | undefined {
  if (type === 'bool') {
    if (e === null) return 'false';
    const word = e.k === 'id' ? e.name : e.k === 'num' ? (e.value === 0n ? 'false' : 'true') : '';
    return word === 'true' || word === 'false' ? word : undefined;
  }
  if (e === null) return '0';
  if (e.k === 'un' && e.op === '-' && e.of.k === 'num') return `-${e.of.value}`;
  return e.k === 'num' ? e.value.toString() : undefined;
}
