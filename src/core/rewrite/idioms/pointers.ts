import { snake } from '../translate/names';
import { declared, local, typeText, type Make } from './names';

export const reference: Make = (call) => {
  const [arg] = call.args;
  const path = arg?.k === 'un' && arg.op === '&' ? arg.of : arg;
  const owner = path?.k === 'field' && path.of.k === 'id' ? path.of : null;
  const name = local(owner?.name ?? null, 'object');
  const type = owner && call.typeOf(owner);
  const struct = (type?.k === 'ptr' ? typeText(type.to) : null) ?? 'Object';
  const made = /_init$|_set$/.test(call.name);
  const taken = /_get|_inc/.test(call.name);
  return {
    title: 'An Arc counts its references; the last one that goes frees it',
    rust: made
      ? [`let ${name} = Arc::new(${struct}::default(), GFP_KERNEL)?;`]
      : taken
        ? [`let other = ${name}.clone();`]
        : [`drop(${name}); // at the end of its block, if nothing is said`],
    items: ['kernel::sync::Arc'],
    imports: ['kernel::sync::Arc'],
    around: declared(struct),
    ...(made ? {} : { parameters: `${name}: Arc<${struct}>` }),
  };
};

export const errorPointer: Make = (call) => {
  const [arg] = call.args;
  const from = arg && call.resultOf(arg);
  if (!arg || !from) return undefined;
  const name = local(arg.k === 'id' || arg.k === 'field' ? arg.name : null, 'object');
  const maker = snake(from);
  return {
    title: `${from}() gives a Result in Rust: the value or the error, which the question mark hands on`,
    rust: [`let ${name} = ${maker}()?;`],
    items: ['kernel::error::Result'],
    around: [`fn ${maker}() -> Result<KBox<u32>> {`, '    Err(ENODEV)', '}', ''],
  };
};

export const errorGiven: Make = ({ args: [arg], catalogue }) => {
  const title = 'The function returns a Result: an error is a value of its own';
  const code = arg?.k === 'un' && arg.op === '-' && arg.of.k === 'id' ? arg.of.name : null;
  if (code !== null && catalogue.hasItem(`kernel::error::code::${code}`))
    return { title, rust: [`return Err(${code});`], items: ['kernel::error::Result'] };
  if (arg?.k !== 'id') return undefined;
  const name = local(arg.name, 'err');
  return {
    title,
    rust: [`return Err(Error::from_errno(${name}));`],
    items: ['kernel::error::Error::from_errno'],
    parameters: `${name}: i32`,
  };
};
