import { namesUsedIn } from '../../driver';
import { CKind, Field, NONE, type SyntaxTree } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';

/** A getter of driver data by its name: `dev_get_drvdata`, `i2c_get_clientdata`, `usb_get_intfdata`, `iio_priv`, `netdev_priv` … all give `void *`. */
const GETTER = /^(?:\w+_get_(?:drvdata|clientdata|intfdata|drv_data)|\w+_priv)$/;

const rule: Rule = {
  metadata: {
    id: 'private-data-cast',
    title: 'Untyped driver data taken as a structure',
    kind: 'hazard',
    severity: 'hint',
    confidence: 'high',
    cwe: 'CWE-843',
    why: 'The getter returns void *: nothing checks that the pointer was set, is still valid, or points to this type.',
    falsePositives: ['None as a construction; whether the type is wrong is for the reader to see.'],
    references: ['https://cwe.mitre.org/data/definitions/843.html'],
    rust: {
      verdict: 'prevented',
      mechanism: 'The bus hands the driver its own data, with its type and for as long as it lives.',
      items: ['kernel::platform::Driver', 'kernel::driver', 'kernel::devres::Devres'],
    },
  },
  run: ({ tree, model, calls }: RuleContext): Report[] => {
    const names = new Set<string>();
    const used = namesUsedIn(model);
    for (const name of used.names)
      if ((name.endsWith('data') || name.endsWith('_priv')) && GETTER.test(name))
        if (used.of(name).some(({ kind }) => kind === 'function')) names.add(name);
    const reports: Report[] = [];
    for (const { name, node } of calls(names)) {
      const target = targetOf(tree, node);
      if (target) reports.push({ node, message: `${name}() gives void *, taken as ${target} unchecked` });
    }
    return reports;
  },
};
export default rule;

/** The structure pointer that the call's value is declared to be, or is cast to: `struct x *`; undefined if the text does not say. */
function targetOf(tree: SyntaxTree, call: number): string | undefined {
  const parent = tree.parents[call]!;
  const holder = tree.kinds[parent]! as CKind;
  if (holder === CKind.cast_expression) return tree.textOf(tree.childByField(parent, Field.type));
  if (holder !== CKind.init_declarator) return undefined;
  const declaration = tree.parents[parent]!;
  if (declaration === NONE || tree.kinds[declaration] !== (CKind.declaration as number)) return undefined;
  const declarator = tree.childByField(parent, Field.declarator);
  if (tree.kinds[declarator] !== (CKind.pointer_declarator as number)) return undefined;
  return `${tree.textOf(tree.childByField(declaration, Field.type)).replace(/\s+/g, ' ')} *`;
}
