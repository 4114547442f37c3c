import { atom, call, method, type RExpr } from '../rust/ast';
import { layOut } from '../rust/print';
import type { FunctionInfo, Unit } from '../translate/unit';
import { MISC } from './classes';
import type { Implementation } from './impl';
import type { MethodShape } from './shape';

/** What a method does for which C has nothing, or nothing that can be called: then `left`. */
export function fallback(shape: MethodShape, left: boolean): string {
  if (shape.returns === '') return '';
  if (shape.returns.includes('PinInit')) return '        Ok(Self)';
  if (shape.returns === 'Result<Pin<KBox<Self>>>' && !left) return '        Ok(KBox::new(Self, GFP_KERNEL)?.into())';
  if (shape.returns === 'Result<Self::Ptr>') return '        Ok(KBox::new(Self, GFP_KERNEL)?)';
  if (shape.returns === 'bool') return '        false';
  if (/^[ui](?:\d+|size)$/.test(shape.returns)) return '        0';
  return '        Err(ENOTSUPP)';
}

const SCALAR = /^[ui](?:8|16|32|64|size)$/;

/** The call of the C function's counterpart, and what is made of its result; null if the parameters do not fit. */
export function glue(
  unit: Unit,
  one: Implementation,
  shape: MethodShape,
  info: FunctionInfo,
  used: Set<string>,
): string[] | null {
  const lines: string[] = [];
  const args: RExpr[] = [];
  const use = (name: string): RExpr => {
    used.add(name);
    return atom(name.replace(/^_/, ''));
  };
  let guard = false;
  for (const { at, local } of info.parameters) {
    const { type } = local;
    if (info.matched?.local === local) {
      const parameter = shape.parameters.find((other) => other.type.includes('Self::IdInfo'));
      if (!parameter || local.mutates > 0) return null;
      const given = method(use(parameter.name), 'copied');
      const data = one.data.optional ? method(given, 'flatten') : given;
      args.push({ k: 'try', of: method(data, 'ok_or', atom(info.matched.error)) });
      continue;
    }
    if (type.k === 'device') {
      const parameter = shape.parameters.find(
        (other) => other.type.includes(`${type.kind}<`) || other.type.endsWith(type.kind) || other.type.includes(`${type.kind}>`),
      );
      if (!parameter) return null;
      if (type.kind.endsWith('phy::Device') && !parameter.type.startsWith('&mut')) return null;
      if (
        local.context > (parameter.type.includes('Core') ? 2 : parameter.type.includes('Bound') ? 1 : 0) &&
        !type.kind.endsWith('phy::Device')
      )
        return null;
      args.push(use(parameter.name));
    } else if (type.k === 'ref') {
      const data = shape.parameters.find((other) => /^Pin<&Self::Data/.test(other.type));
      if (!data || one.state !== type.name || guard) return null;
      guard = true;
      const changes = local.mutates > 0;
      lines.push(`let ${changes ? 'mut ' : ''}state = ${data.name.replace(/^_/, '')}.state.lock();`);
      used.add(data.name);
      args.push(atom(changes ? '&mut state' : '&state'));
    } else if (type.k === 'int') {
      const named = shape.parameters.find((other) => other.name.replace(/^_/, '') === local.name && SCALAR.test(other.type));
      const parameter = named ?? (one.table.trait.path === MISC ? undefined : shape.parameters[at]);
      if (!parameter || !SCALAR.test(parameter.type)) return null;
      const e = use(parameter.name);
      const widening = parameter.type === 'u8' && /^[ui](?:16|32|64)$/.test(type.of);
      const wider = (parameter.type === 'u16' && /^[ui](?:32|64)$/.test(type.of)) || widening;
      args.push(parameter.type === type.of ? e : wider ? call(`${type.of}::from`, e) : { k: 'cast', of: e, type: type.of });
    } else return null;
  }
  const called = call(info.rust, ...args);
  const result = resultLines(unit, one, shape, info, called);
  return result && [...lines.map((line) => `        ${line}`), ...result];
}

/** The result of the C function's counterpart as the trait wants it. */
function resultLines(unit: Unit, one: Implementation, shape: MethodShape, info: FunctionInfo, called: RExpr): string[] | null {
  const value = (e: RExpr): string[] => [`        ${layOut(e, 2, 8, 0)}`];
  const statement = (e: RExpr): string[] => [`        ${layOut(e, 2, 8, 1)};`];
  const { returns } = info;
  if (shape.returns.includes('PinInit')) {
    if (returns.k === 'builds') {
      unit.use('kernel::new_mutex');
      return [
        '        pin_init::pin_init_scope(move || {',
        `            let state = ${layOut(called, 3, 24, 2)}?;`,
        '            Ok(try_pin_init!(Self {',
        '                state <- new_mutex!(state),',
        '            }))',
        '        })',
      ];
    }
    if (one.state !== null) return null;
    if (returns.k === 'result') return [...statement({ k: 'try', of: called }), '        Ok(Self)'];
    if (returns.k === 'unit' || returns.k === 'none') return [...statement(called), '        Ok(Self)'];
    return null;
  }
  switch (shape.returns) {
    case '':
      if (returns.k === 'unit' || returns.k === 'none') return statement(called);
      return [`        let _ = ${layOut(called, 2, 16, 1)};`];
    case 'Result<Self::Ptr>': {
      const made = '        Ok(KBox::new(Self, GFP_KERNEL)?)';
      if (returns.k === 'result' || returns.k === 'result-value') return [...statement({ k: 'try', of: called }), made];
      return returns.k === 'unit' || returns.k === 'none' ? [...statement(called), made] : null;
    }
    case 'Result':
      if (returns.k === 'result') return value(called);
      if (returns.k === 'result-value') return value(method(called, 'map', atom('|_| ()')));
      if (returns.k === 'unit' || returns.k === 'none') return [...statement(called), '        Ok(())'];
      return null;
    case 'bool':
      if (returns.k === 'bool') return value(called);
      return returns.k === 'value' ? value({ k: 'bin', op: '!=', l: called, r: atom('0') }) : null;
    default:
  }
  const inner = /^Result<(.*)>$/.exec(shape.returns)?.[1];
  if (inner !== undefined && SCALAR.test(inner)) {
    if (returns.k === 'result') return value(method(called, 'map', atom('|()| 0')));
    if (returns.k === 'result-value')
      return value(
        returns.of === inner
          ? called
          : method(called, 'map', { k: 'closure', head: '|value|', body: { k: 'cast', of: atom('value'), type: inner } }),
      );
    if (returns.k === 'value') return value(call('Ok', returns.of === inner ? called : { k: 'cast', of: called, type: inner }));
  }
  if (SCALAR.test(shape.returns) && returns.k === 'value')
    return value(returns.of === shape.returns ? called : { k: 'cast', of: called, type: shape.returns });
  return null;
}
