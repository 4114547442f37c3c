import type { CExpr } from '../c/ast';
import { atom, call, method, type RExpr, type RStatement } from '../rust/ast';
import { add, newLines, printStatements } from '../rust/statements';
import { eachExpression, eachPart } from '../translate/locals';
import type { Unit } from '../translate/unit';
import type { Implementation } from './impl';
import { constantValue } from './member-values';
import { reachableFunctions } from './reach';
import { shapeOf } from './shape';

/** What a bus's probe registers with the classes that the driver implements, too. */
export interface ProbeRegistration {
  /** Statements before the value that probe gives; the device is `dev`. */
  statements: RStatement[];
  /** What probe gives in place of the driver's type, and the type of it: a registration that lives as long as the device is bound. */
  holds: { value: string[]; type: string } | null;
}

/** How one class is registered: by which C functions it is seen, and what that is in this kernel. */
interface ClassRegistration {
  trait: string;
  functions: string[];
  make: (unit: Unit, one: Implementation, dev: string, made: CExpr[][]) => ProbeRegistration | null;
  /** C functions whose arguments `make` needs. */
  arguments?: string[];
}

const parentOf = (dev: string): RExpr => call(`${dev}.as_ref`);

const tried = (of: RExpr): RExpr => ({ k: 'try', of });
const run = (e: RExpr): RStatement => ({ k: 'expr', e: tried(e) });
const bind = (name: string, init: RExpr): RStatement => ({ k: 'let', name, type: null, mut: false, init: tried(init) });

const CLASSES: readonly ClassRegistration[] = [
  {
    trait: 'kernel::pwm::PwmOps',
    functions: ['pwmchip_add', '__pwmchip_add', 'devm_pwmchip_add', '__devm_pwmchip_add'],
    arguments: ['pwmchip_alloc', 'devm_pwmchip_alloc'],
    make: (unit, { type }, dev, made) => {
      if (unit.api.signatureOf('kernel::pwm::UnregisteredChip::register') === undefined) return null;
      const [count] = made.map((args) => args[1]);
      const known = count && unit.constants.evaluate(count);
      if (!known || known.value < 0n || known.value > 0xffffffffn) return null;
      unit.use('kernel::pwm');
      const channels = atom(count.k === 'num' ? count.text : `${known.value}`);
      const chip = call('pwm::Chip::new', parentOf(dev), channels, call('Ok', atom(type)));
      return { statements: [bind('chip', chip), run(method(atom('chip'), 'register'))], holds: null };
    },
  },
  {
    trait: 'kernel::cpufreq::Driver',
    functions: ['cpufreq_register_driver'],
    make: (unit, one, dev) => {
      const { type } = one;
      if (unit.api.signatureOf('kernel::cpufreq::Registration::new_foreign_owned') === undefined) return null;
      if (!fitsCpufreq(unit, one)) return null;
      unit.use('kernel::cpufreq');
      return { statements: [run(call(`cpufreq::Registration::<${type}>::new_foreign_owned`, parentOf(dev)))], holds: null };
    },
  },
  {
    trait: 'kernel::drm::Driver',
    functions: ['drm_dev_register'],
    make: (unit, { type }, dev) => {
      const signature = unit.api.signatureOf('kernel::drm::Registration::new') ?? '';
      unit.use('kernel::drm');
      const typed = unit.api.signatureOf('kernel::drm::UnregisteredDevice::new')?.includes('ParentDevice<') === true;
      const made = call(`drm::UnregisteredDevice::<${type}>::new`, typed ? atom(dev) : parentOf(dev), atom('Ok(())'));
      const device = bind('drm', made);
      if (/\bunsafe fn new/.test(signature) && signature.includes("&'a "))
        return held(device, `drm::Registration<'bound, ${type}>`, `drm::Registration::new(${dev}.as_ref(), drm, (), 0)`);
      if (unit.api.signatureOf('kernel::drm::Registration::new_foreign_owned') === undefined) return null;
      return {
        statements: [device, run(call('drm::Registration::new_foreign_owned', atom('drm'), parentOf(dev), atom('0')))],
        holds: null,
      };
    },
  },
  {
    trait: 'kernel::fwctl::Operations',
    functions: ['fwctl_register'],
    make: (unit, { type }, dev) => {
      const signature = unit.api.signatureOf('kernel::fwctl::Registration::new') ?? '';
      if (!/\bunsafe fn new/.test(signature)) return null;
      unit.use('kernel::fwctl');
      return held(
        bind('fwctl', call(`fwctl::Device::<${type}>::new`, parentOf(dev))),
        `fwctl::Registration<'bound, ${type}>`,
        `fwctl::Registration::new(${dev}.as_ref(), &fwctl, Ok(()))`,
      );
    },
  },
];

/** A registration that is the data of the bound device; dropping it, when the device goes, takes it back. */
function held(device: RStatement, type: string, call: string): ProbeRegistration {
  return {
    statements: [device],
    holds: {
      value: [
        '// SAFETY: The registration is the data of the bound device, and dropped when that is unbound; nothing',
        '// forgets it. The device was made above and is registered nowhere else.',
        `unsafe { ${call} }`,
      ],
      type,
    },
  };
}

/** Finds what the probe of `bus` registers with the other traits that the driver implements; null if that is nothing. */
export function probeRegistration(unit: Unit, bus: Implementation, all: readonly Implementation[]): ProbeRegistration | null {
  const probe = bus.table.callbacks.find(({ method }) => method.signature.includes('PinInit'));
  const device = probe && shapeOf(probe.method.signature)?.parameters[0];
  const kind = /&'\w+ (kernel(?:::\w+)+)</.exec(device?.type ?? '')?.[1];
  // A usb interface in its probe gives no bound device.
  if (!device || kind === undefined || !unit.api.hasDevice(kind) || kind.startsWith('kernel::usb::')) return null;
  const reached = reachableFunctions(unit.program, [], [probe.function]);
  const found: ProbeRegistration = { statements: [], holds: null };
  for (const { trait, functions, arguments: wanted = [], make } of CLASSES) {
    const classes = all.filter(({ table }) => table.trait.path === trait);
    if (classes.length !== 1 || functions.every((name) => callsOf(unit, name, reached).length === 0)) continue;
    const made = make(
      unit,
      classes[0]!,
      device.name.replace(/^_/, ''),
      wanted.flatMap((name) => callsOf(unit, name, reached)),
    );
    if (!made || (made.holds && (bus.state !== null || found.holds))) continue;
    found.statements.push(...made.statements);
    found.holds ??= made.holds;
  }
  return found.statements.length > 0 ? found : null;
}

/** Whether a cpufreq driver's name leaves room for the NUL that Rust's has: `CPUFREQ_NAME_LEN` of linux/cpufreq.h is 16. */
export function fitsCpufreq(unit: Unit, one: Implementation): boolean {
  const member = one.table.trait.members.find(({ name }) => name === 'NAME');
  const text = member ? constantValue(unit, one, member) : null;
  return text !== null && text.length - 'c""'.length < 16;
}

/** The arguments of each call of a kernel function in the driver's functions, or in those of `within`. */
export function callsOf(unit: Unit, name: string, within?: ReadonlySet<string>): CExpr[][] {
  const found: CExpr[][] = [];
  for (const { name: holder, body, file } of unit.program.functions.values()) {
    if (unit.program.files[file]!.isHeader || within?.has(holder) === false) continue;
    for (const one of body)
      eachExpression(one, (e) => {
        eachPart(e, (part) => {
          if (part.k === 'call' && part.callee.k === 'id' && part.callee.name === name) found.push(part.args);
        });
      });
  }
  return found;
}

/** The lines of a probe with what it registers before its value. */
export function withRegistration(text: readonly string[], { statements, holds }: ProbeRegistration): string[] {
  return text.flatMap((line) => {
    const value = /^( *)Ok\((?:Self\)|try_pin_init!\(Self \{)$/.exec(line);
    if (!value) return [line];
    const level = value[1]!.length / 4;
    const made = newLines();
    printStatements(made, statements, level);
    if (!holds || !line.endsWith('Ok(Self)')) return [...made.text, line];
    for (const one of holds.value) add(made, level, one);
    return made.text;
  });
}
