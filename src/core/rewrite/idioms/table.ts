import { snake, upper } from '../translate/names';
import { translateFormat } from '../translate/format';
import { Untranslatable } from '../translate/values';
import { listAdd } from './lists';
import { moduleParameter } from './modules';
import { local, typeText, type Make } from './names';
import { allocate, allocateArray, free } from './owners';
import { errorGiven, errorPointer, reference } from './pointers';
import { ownKeys } from '../../own-keys';

/** A lock and the fields that the function uses beside it become a lock that holds them. */
const lock: Make = (call) => {
  const [arg] = call.args;
  const path = arg?.k === 'un' && arg.op === '&' ? arg.of : arg;
  if (path?.k !== 'field') return undefined;
  const spin = call.name.startsWith('spin');
  const kind = spin ? 'SpinLock' : 'Mutex';
  const base = local(path.of.k === 'id' ? path.of.name : null, 'this');
  const owner = call.typeOf(path.of);
  const struct = owner?.k === 'ptr' ? (typeText(owner.to) ?? 'Private') : 'Private';
  const fields = call
    .protectedBy(path.of, path.name)
    .map(({ name, type }) => ({ name: snake(name), type: type?.k === 'struct' ? null : typeText(type) }));
  const member = snake(path.name);
  const inner = `${struct}Inner`;
  const items = [`kernel::sync::${kind}`];
  const first = fields.find(({ type }) => type !== null);
  if (!first)
    return {
      title: 'The lock owns what it protects: that is reached through the guard, which unlocks where it goes',
      rust: [`let guard = ${base}.${member}.lock();`, 'drop(guard); // at the end of its block, if nothing is said'],
      items,
      imports: items,
      around: [
        `struct ${inner};`,
        '#[pin_data]',
        `struct ${struct} {`,
        '    #[pin]',
        `    ${member}: ${kind}<${inner}>,`,
        '}',
        '',
      ],
      parameters: `${base}: &${struct}`,
    };
  return {
    title: 'The lock owns what it protects, and its guard unlocks',
    rust: [
      `struct ${inner} {`,
      ...fields.map(({ name, type }) =>
        type === null ? `    // ${name}: of a type that is still to be found` : `    ${name}: ${type},`,
      ),
      '}',
      '',
      '#[pin_data]',
      `struct ${struct} {`,
      '    #[pin]',
      `    ${member}: ${kind}<${inner}>,`,
      '}',
      '',
      `fn example(${base}: &${struct}) -> ${first.type!} {`,
      `    let guard = ${base}.${member}.lock();`,
      `    guard.${first.name}`,
      '    // Unlocked here, where `guard` goes.',
      '}',
    ],
    items,
    imports: items,
    isItems: true,
  };
};

const fromUser: Make = (call) => {
  const [to, from] = call.args;
  if (!to || !from) return undefined;
  const type = typeText(call.typeOf(to));
  if (type === null || /^[A-Z]/.test(type) || type === 'bool') return undefined;
  const name = local(to.k === 'un' && to.of.k === 'id' ? to.of.name : null, 'value');
  const arg = local(from.k === 'id' ? from.name : from.k === 'cast' && from.of.k === 'id' ? from.of.name : null, 'arg');
  const write = call.name === 'copy_to_user';
  return {
    title: 'A user slice checks its bounds, and copies whole values',
    rust: write
      ? [`UserSlice::new(UserPtr::from_addr(${arg}), size_of::<${type}>()).writer().write(&${name})?;`]
      : [`let ${name}: ${type} = UserSlice::new(UserPtr::from_addr(${arg}), size_of::<${type}>()).reader().read()?;`],
    items: ['kernel::uaccess::UserSlice', 'kernel::uaccess::UserPtr'],
    imports: ['kernel::uaccess::UserSlice'],
    parameters: write ? `${arg}: usize, ${name}: ${type}` : `${arg}: usize`,
  };
};
const toUser: Make = (call) => fromUser({ ...call, args: [call.args[1]!, call.args[0]!, ...call.args.slice(2)] });

const BITS: Record<string, number> = ownKeys({
  readb: 8,
  readw: 16,
  readl: 32,
  readq: 64,
  writeb: 8,
  writew: 16,
  writel: 32,
  writeq: 64,
});

/** readl(base + REG) with the offset's own name. */
const registers: Make = (call) => {
  const bits = BITS[call.name]!;
  const write = call.name.startsWith('write');
  const address = call.args[write ? 1 : 0];
  if (address?.k !== 'bin' || address.op !== '+' || address.r.k !== 'id') return undefined;
  const macro = call.program.macros.get(address.r.name);
  if (macro?.parameters !== null || macro.body.k !== 'num') return undefined;
  const base = local(address.l.k === 'field' ? address.l.name : address.l.k === 'id' ? address.l.name : null, 'io');
  const register = upper(address.r.name);
  const name = local(write ? 'value' : call.target, 'value');
  return {
    title: 'A register has its width and place in its type; the access is checked at compile time',
    rust: write
      ? [`${base}.write(${register}, ${register}::from(${name}));`]
      : [`let ${name}: u${bits} = ${base}.read(${register}).into_raw();`],
    items: ['kernel::io::register', 'kernel::io::mem::IoMem', 'kernel::io::Io'],
    imports: ['kernel::io::{mem::IoMem, register, Io}'],
    around: ['register! {', `    ${register}(u${bits}) @ ${macro.body.text} {`, `        ${bits - 1}:0 value;`, '    }', '}', ''],
    parameters: `${base}: &IoMem<'_, 0x10000>${write ? `, ${name}: u${bits}` : ''}`,
  };
};

const property: Make = (call) => {
  const of = call.name.startsWith('of_');
  const name = call.args[1];
  if (name?.k !== 'str' || !/^[ !#-[\]-~]+$/.test(name.text)) return undefined;
  const [device] = call.args;
  const dev = of ? 'dev' : local(device?.k === 'id' ? device.name : null, 'dev');
  if (call.name.endsWith('_bool')) {
    return {
      title: 'Device properties come typed from the firmware node',
      rust: [
        `let ${local(call.target, 'present')} = ${dev}.fwnode().is_some_and(|node| node.property_read_bool(c"${name.text}"));`,
      ],
      items: ['kernel::device::property::FwNode::property_read_bool', 'kernel::device::Device::fwnode'],
      imports: ['kernel::device::Device'],
      parameters: `${dev}: &Device`,
    };
  }
  const type = /_u(8|16|32|64)$/.exec(call.name)?.[1];
  const to = call.args[2];
  const value = local(
    to?.k === 'un' && to.of.k === 'id' ? to.of.name : to?.k === 'un' && to.of.k === 'field' ? to.of.name : null,
    'value',
  );
  return {
    title: 'Device properties come typed from the firmware node',
    rust: [
      `let node = ${dev}.fwnode().ok_or(ENOENT)?;`,
      `let ${value}: u${type ?? '32'} = node.property_read(c"${name.text}").required_by(${dev})?;`,
    ],
    items: ['kernel::device::property::FwNode::property_read', 'kernel::device::Device::fwnode'],
    imports: ['kernel::device::Device'],
    parameters: `${dev}: &Device`,
  };
};

const SLEEPS: Record<string, [string, string]> = ownKeys({
  msleep: ['fsleep', 'millis'],
  usleep_range: ['fsleep', 'micros'],
  udelay: ['udelay', 'micros'],
  fsleep: ['fsleep', 'micros'],
});
const delay: Make = (call) => {
  const [how, unit] = SLEEPS[call.name]!;
  const [amount] = call.args;
  const text = amount?.k === 'num' ? amount.text : local(amount?.k === 'id' ? amount.name : null, 'amount');
  return {
    title: 'A span of time has a type',
    rust: [`${how}(Delta::from_${unit}(${text}));`],
    items: [`kernel::time::delay::${how}`, 'kernel::time::Delta'],
    imports: [`kernel::time::{delay::${how}, Delta}`],
    parameters: /^\d/.test(text) ? '' : `${text}: i64`,
  };
};

/** dev_err(dev, "…", x): the same with Rust's formats; integers only. */
const print: Make = (call) => {
  const device = call.name.startsWith('dev_');
  const [format, ...values] = device ? call.args.slice(1) : call.args;
  if (format?.k !== 'str') return undefined;
  try {
    const { text, conversions } = translateFormat(format.text);
    if (conversions.some(({ kind }) => kind !== 'integer') || conversions.length !== values.length) return undefined;
    const names = values.map((value, i) =>
      local(value.k === 'id' ? value.name : value.k === 'field' ? value.name : null, `value${i}`),
    );
    if (new Set(names).size !== names.length || names.includes('dev')) return undefined;
    const head = device ? 'dev, ' : '';
    return {
      title: 'The print macros check format and arguments',
      rust: [`${call.name}!(${head}"${text}"${names.map((name) => `, ${name}`).join('')});`],
      items: [`kernel::${call.name}`],
      imports: device ? ['kernel::device::Device'] : [],
      parameters: [...(device ? ['dev: &Device'] : []), ...names.map((name) => `${name}: u32`)].join(', '),
    };
  } catch (error) {
    if (error instanceof Untranslatable) return undefined;
    throw error;
  }
};

const all = (names: string, make: Make): Record<string, Make> => Object.fromEntries(names.split(' ').map((name) => [name, make]));

/** Idioms by the function or macro that they are about. */
export const IDIOMS: Record<string, Make> = ownKeys({
  ...all('kzalloc kmalloc devm_kzalloc devm_kmalloc kvzalloc', allocate),
  ...all('kcalloc kmalloc_array devm_kcalloc kvcalloc', allocateArray),
  ...all('kfree kvfree devm_kfree', free),
  ...all('mutex_lock spin_lock spin_lock_irqsave', lock),
  ...all('copy_from_user', fromUser),
  ...all('copy_to_user', toUser),
  ...all(Object.keys(BITS).join(' '), registers),
  ...all(
    'device_property_read_u8 device_property_read_u16 device_property_read_u32 device_property_read_u64 device_property_read_bool of_property_read_u32 of_property_read_bool',
    property,
  ),
  ...all(Object.keys(SLEEPS).join(' '), delay),
  ...all(
    'dev_emerg dev_alert dev_crit dev_err dev_warn dev_notice dev_info dev_dbg pr_emerg pr_alert pr_crit pr_err pr_warn pr_notice pr_info pr_debug',
    print,
  ),
  ...all('kref_init kref_get kref_put refcount_set refcount_inc refcount_dec_and_test', reference),
  ...all('IS_ERR PTR_ERR', errorPointer),
  ...all('ERR_PTR', errorGiven),
  ...all('module_param', moduleParameter),
  ...all('list_add list_add_tail', listAdd),
});
