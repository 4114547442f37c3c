import { GROUPED, type CExpr } from './ast';
import { STRENGTH, type CMacro } from './macros';

type Macros = ReadonlyMap<string, CMacro>;

const DEPTH = 8;

/**
 * The operator that the text of a macro leaves open: `+` of `#define SUM 1 + 2`, which beside a `*` is taken apart; null where
 * parentheses, or nothing, keep the text together.
 */
function open(macros: Macros, e: CExpr, depth = 0): string | null {
  if (GROUPED.has(e) || depth > DEPTH) return null;
  switch (e.k) {
    case 'bin':
      return e.op;
    case 'cond':
      return '?';
    default: {
      const macro = named(macros, e);
      return macro ? open(macros, macro.body, depth + 1) : null;
    }
  }
}

function named(macros: Macros, e: CExpr): CMacro | undefined {
  if (e.k === 'id') return macros.get(e.name)?.parameters === null ? macros.get(e.name) : undefined;
  if (e.k !== 'call' || e.callee.k !== 'id') return undefined;
  const macro = macros.get(e.callee.name);
  return macro && macro.parameters !== null ? macro : undefined;
}

/** Whether `op`, which a text leaves open, is torn apart where the text is an operand of `parent`. */
function tears(op: string, parent: CExpr, right: boolean): boolean {
  if (parent.k !== 'bin') return true;
  const own = STRENGTH[parent.op] ?? 0;
  const inner = STRENGTH[op] ?? 0;
  if (inner !== own) return inner < own;
  return right && parent.op !== '+' && !(parent.op === op && /^[*|&^]$/.test(op));
}

function operands(e: CExpr): { of: CExpr; right: boolean }[] {
  switch (e.k) {
    case 'bin':
      return [
        { of: e.l, right: false },
        { of: e.r, right: true },
      ];
    case 'un':
    case 'cast':
    case 'field':
      return [{ of: e.of, right: false }];
    case 'index':
      return [{ of: e.of, right: false }];
    default:
      return [];
  }
}

/** Whether a macro's text is torn apart where `e` has it as an operand, so that C computes something else than `e` looks like. */
export function tearsMacro(macros: Macros, e: CExpr): boolean {
  return operands(e).some(({ of, right }) => {
    const macro = GROUPED.has(of) ? undefined : named(macros, of);
    const op = macro ? open(macros, macro.body) : null;
    return op !== null && tears(op, e, right);
  });
}

/** Whether the text of one of the arguments is torn apart where the body of a macro has the parameter as an operand. */
export function tearsArgument(macros: Macros, body: CExpr, values: ReadonlyMap<string, CExpr>): boolean {
  const torn = operands(body).some(({ of, right }) => {
    const value = of.k === 'id' && !GROUPED.has(of) ? values.get(of.name) : undefined;
    const op = value ? open(macros, value) : null;
    return op !== null && tears(op, body, right);
  });
  if (torn) return true;
  switch (body.k) {
    case 'bin':
      return tearsArgument(macros, body.l, values) || tearsArgument(macros, body.r, values);
    case 'un':
    case 'cast':
    case 'field':
      return tearsArgument(macros, body.of, values);
    case 'index':
      return tearsArgument(macros, body.of, values) || tearsArgument(macros, body.at, values);
    case 'cond':
      return [body.test, body.yes, body.no].some((one) => tearsArgument(macros, one, values));
    case 'call':
      return body.args.some((one) => tearsArgument(macros, one, values));
    default:
      return false;
  }
}
