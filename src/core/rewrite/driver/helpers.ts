import { add, type Lines } from '../rust/statements';
import type { Unit } from '../translate/unit';

/** Small functions of the candidate's own, where C's integers meet Rust's results. */
export function printHelpers(lines: Lines, unit: Unit): void {
  const { helpers } = unit;
  if (helpers.has('registers')) registers(lines, unit);
  if (helpers.has('clock')) clock(lines, unit);
  if (helpers.has('interface_device'))
    block(lines, [
      '/// The `struct device` of an interface.',
      'fn interface_device(interface: &usb::Interface) -> &device::Device {',
      '    interface.as_ref()',
      '}',
    ]);
  if (helpers.has('phy_modify'))
    block(lines, [
      '/// Gives the bits of `mask` in a register the value `set`.',
      'fn modify_register<R: reg::Register>(',
      '    dev: &mut phy::Device,',
      '    register: impl Fn() -> R,',
      '    mask: u16,',
      '    set: u16,',
      ') -> Result {',
      '    let old = dev.read(register())?;',
      '    let new = (old & !mask) | set;',
      '    if new != old {',
      '        dev.write(register(), new)?;',
      '    }',
      '    Ok(())',
      '}',
    ]);
  if (helpers.has('of_node'))
    block(lines, [
      "/// The device tree's node of a device, if it has one.",
      'fn of_node(dev: &Device) -> Option<&FwNode> {',
      '    dev.fwnode().filter(|node| node.is_of_node())',
      '}',
    ]);
  if (helpers.has('read_property'))
    block(lines, [
      '/// Reads a property; leaves `value` as it is where there is none.',
      'fn read_property<T: Property>(node: Option<&FwNode>, name: &CStr, value: &mut T) -> Result {',
      '    let read = node.and_then(|node| node.property_read(name).optional());',
      '    *value = read.ok_or(EINVAL)?;',
      '    Ok(())',
      '}',
    ]);
  if (helpers.has('poll'))
    block(lines, [
      '/// Reads until `done` says so or the time is up; `value` is what was read last.',
      'fn poll<T: Copy>(',
      '    value: &mut T,',
      '    mut read: impl FnMut() -> T,',
      '    mut done: impl FnMut(T) -> bool,',
      '    sleep_us: i64,',
      '    timeout_us: i64,',
      ') -> Result {',
      '    let again = || {',
      '        *value = read();',
      '        Ok(*value)',
      '    };',
      '    let (sleep, timeout) = (Delta::from_micros(sleep_us), Delta::from_micros(timeout_us));',
      '    read_poll_timeout(again, |value| done(*value), sleep, timeout).map(|_| ())',
      '}',
    ]);
  if (helpers.has('errno'))
    block(lines, [
      '/// A result as C gives it: 0 or a negative error.',
      'fn errno(result: Result) -> i32 {',
      '    result.map_or_else(|error| error.to_errno(), |()| 0)',
      '}',
    ]);
  if (helpers.has('parse_decimal'))
    block(lines, [
      '/// A decimal number as kstrtoint() and its like read it, with one newline after it.',
      `fn ${unit.values.give('helper parse_decimal', 'parse_decimal')}<T>(text: &[u8]) -> Result<T>`,
      'where',
      '    T: core::str::FromStr<Err = core::num::ParseIntError>,',
      '{',
      '    use core::num::{IntErrorKind, ParseIntError};',
      '    let text = text.strip_suffix(b"\\n").unwrap_or(text);',
      '    let text = core::str::from_utf8(text).map_err(|_| EINVAL)?;',
      '    text.parse()',
      '        .map_err(|error: ParseIntError| match error.kind() {',
      '            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => ERANGE,',
      '            _ => EINVAL,',
      '        })',
      '}',
    ]);
  if (helpers.has('parse_prefixed'))
    block(lines, [
      '/// A number whose prefix says its base, with one newline after it. What is out of range gives EINVAL,',
      '/// not ERANGE.',
      `fn ${unit.values.give('helper parse_prefixed', 'parse_prefixed')}<T: ParseInt>(text: &[u8]) -> Result<T> {`,
      '    T::from_str(BStr::from_bytes(text.strip_suffix(b"\\n").unwrap_or(text)))',
      '}',
    ]);
  for (const type of ['i32', 'isize', 'i64']) {
    const name = type === 'i32' ? 'value_or_errno' : `${type}_or_errno`;
    if (!helpers.has(name)) continue;
    const error =
      type === 'i32' ? 'error.to_errno()' : type === 'i64' ? 'i64::from(error.to_errno())' : 'error.to_errno() as isize';
    block(lines, [
      '/// A result as C gives it: the value or a negative error.',
      `fn ${name}(result: Result<${type}>) -> ${type} {`,
      `    result.unwrap_or_else(|error| ${error})`,
      '}',
    ]);
  }
}

/** Imports that the helpers need; to be called before the imports are printed. */
export function useHelpers(unit: Unit): void {
  const { helpers } = unit;
  if ([...helpers].some((name) => /^(?:read|write)\d+$/.test(name))) helpers.add('registers');
  if (helpers.has('registers')) {
    unit.use('kernel::sync::Arc');
    if ([...helpers].some((name) => /^(?:read|write)\d+$/.test(name))) unit.use('kernel::io::Io');
    if (helpers.has('map-pci')) unit.use('kernel::pci');
    else if (helpers.has('map-platform')) unit.use('kernel::io::mem::IoRequest');
    for (const path of mappedType(unit).imports) unit.use(path);
  }
  if (helpers.has('clock')) {
    unit.use('kernel::clk::Clk');
    if (helpers.has('clock_get')) unit.use('kernel::device::Device');
    if (helpers.has('clock_set_rate')) unit.use('kernel::clk::Hertz');
  }
  if (helpers.has('parse_prefixed')) {
    unit.use('kernel::str::parse_int::ParseInt');
    unit.use('kernel::str::BStr');
  }
  if (helpers.has('phy_modify')) {
    unit.use('kernel::net::phy');
    unit.use('kernel::net::phy::reg');
  }
  if (helpers.has('of_node')) unit.use('kernel::device::Device');
  if (helpers.has('of_node') || helpers.has('read_property')) unit.use('kernel::device::property::FwNode');
  if (helpers.has('read_property')) unit.use('kernel::device::property::Property');
  if (helpers.has('poll')) {
    unit.use('kernel::io::poll::read_poll_timeout');
    unit.use('kernel::time::Delta');
  }
  if (helpers.has('interface_device')) {
    unit.use('kernel::device');
    unit.use('kernel::usb');
  }
}

/** The clock's own type: what C does with NULL has to be said in Rust. */
function clock(lines: Lines, { helpers }: Unit): void {
  block(lines, [
    '/// A clock. None is what NULL is in C: it does nothing, always succeeds, and has a rate of 0.',
    'struct Clock(Option<Clk>);',
  ]);
  const body: string[] = [];
  if (helpers.has('clock_get'))
    body.push(
      '    fn get(dev: &Device, name: Option<&CStr>) -> Result<Self> {',
      '        Ok(Self(Some(Clk::get(dev, name)?)))',
      '    }',
      '',
    );
  for (const name of ['prepare', 'enable', 'prepare_enable'])
    if (helpers.has(`clock_${name}`))
      body.push(`    fn ${name}(&self) -> Result {`, `        self.0.as_ref().map_or(Ok(()), Clk::${name})`, '    }', '');
  for (const name of ['disable', 'unprepare', 'disable_unprepare'])
    if (helpers.has(`clock_${name}`))
      body.push(
        `    fn ${name}(&self) {`,
        '        if let Some(clk) = &self.0 {',
        `            clk.${name}();`,
        '        }',
        '    }',
        '',
      );
  if (helpers.has('clock_rate'))
    body.push('    fn rate(&self) -> usize {', '        self.0.as_ref().map_or(0, |clk| clk.rate().as_hz())', '    }', '');
  if (helpers.has('clock_set_rate'))
    body.push(
      '    fn set_rate(&self, rate: usize) -> Result {',
      '        self.0',
      '            .as_ref()',
      '            .map_or(Ok(()), |clk| clk.set_rate(Hertz(rate)))',
      '    }',
      '',
    );
  if (body.length === 0) return;
  body.pop();
  block(lines, ['impl Clock {', ...body, '}']);
}

function block(lines: Lines, text: readonly string[]): void {
  for (const line of text) add(lines, 0, line);
  lines.text.push('');
}

/** The type of mapped registers that live until the device is unbound: what this kernel's `into_devres` gives. */
function mappedType(unit: Unit): { text: string; imports: string[] } {
  const pci = unit.helpers.has('map-pci');
  const module = pci ? 'kernel::pci' : 'kernel::io::mem';
  const signature = unit.api.signatureOf(`${module}::${pci ? 'Bar' : 'ExclusiveIoMem'}::into_devres`) ?? '';
  const type = /-> Result<(.*)>$/.exec(signature)?.[1] ?? 'Devres<()>';
  const imports: string[] = [];
  const text = type.replace(/\bSIZE\b/g, '0').replace(/(?<!')\b[A-Z]\w+/g, (name) => {
    if (name === 'Devres') imports.push('kernel::devres::Devres');
    else if (!pci) imports.push(`${module}::${name}`);
    else return `pci::${name}`;
    return name;
  });
  return { text, imports };
}

function registers(lines: Lines, unit: Unit): void {
  const { helpers } = unit;
  const pci = helpers.has('map-pci');
  const type = mappedType(unit).text;
  block(lines, [
    '/// Mapped registers, gone when the device is unbound. What lies outside of them, or is not mapped,',
    '/// reads as all ones and takes no writes.',
    '#[derive(Clone)]',
    `struct Registers(Option<Arc<${type}>>);`,
  ]);
  const body: string[] = ['impl Registers {'];
  if (pci)
    body.push(
      "    fn map(bar: pci::Bar<'_>) -> Result<Self> {",
      '        Ok(Self(Some(Arc::new(bar.into_devres()?, GFP_KERNEL)?)))',
      '    }',
      '',
    );
  if (helpers.has('map-platform'))
    body.push(
      "    fn map(request: Option<IoRequest<'_>>) -> Result<Self> {",
      '        let io = request.ok_or(EINVAL)?.iomap_exclusive()?.into_devres()?;',
      '        Ok(Self(Some(Arc::new(io, GFP_KERNEL)?)))',
      '    }',
      '',
    );
  for (const bits of [8, 16, 32, 64]) {
    if (helpers.has(`read${bits}`))
      body.push(
        `    fn read${bits}(&self, offset: usize) -> u${bits} {`,
        '        self.0',
        '            .as_ref()',
        `            .and_then(|io| io.try_access()?.try_read${bits}(offset).ok())`,
        '            .unwrap_or(!0)',
        '    }',
        '',
      );
    if (helpers.has(`write${bits}`))
      body.push(
        `    fn write${bits}(&self, value: u${bits}, offset: usize) {`,
        '        if let Some(io) = self.0.as_ref().and_then(|io| io.try_access()) {',
        `            let _ = io.try_write${bits}(value, offset);`,
        '        }',
        '    }',
        '',
      );
  }
  if (body.length === 1) return;
  if (body.at(-1) === '') body.pop();
  block(lines, [...body, '}']);
}
