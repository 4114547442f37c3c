import { CKind, Field, NONE } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';

const DRIVER: ReadonlySet<string> = new Set(['usb_driver', 'module_usb_driver']);

const rule: Rule = {
  metadata: {
    id: 'unchecked-endpoint',
    title: 'USB endpoint taken without asking how many there are',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-125',
    why: 'The device says how many endpoints an interface has; one that says fewer makes the driver read behind the array, or follow NULL.',
    falsePositives: ['A file of the same driver checks the descriptors before.'],
    references: ['Documentation/driver-api/usb/writing_usb_driver.rst', 'https://cwe.mitre.org/data/definitions/125.html'],
    rust: {
      verdict: 'with-idiom',
      mechanism: 'A slice of endpoints carries its length; reading the raw descriptors does not.',
      items: ['kernel::usb::Interface'],
    },
  },
  run: ({ tree, model, usesAny }: RuleContext): Report[] => {
    const { text } = tree;
    if (!usesAny(DRIVER) || !/endpoint\s*\[/.test(text)) return [];
    if (
      /bNumEndpoints|usb_find_|usb_check_(?:bulk|int)_endpoints|usb_endpoint_is_|usb_endpoint_(?:num|xfer|dir)|usb_pipe_endpoint|usb_urb_ep_type_check/.test(
        text,
      )
    )
      return [];
    const reports: Report[] = [];
    for (const { name, node } of model.functions) {
      const end = tree.nexts[node]!;
      for (let at = node; at < end; at++) {
        if (tree.kinds[at] !== (CKind.subscript_expression as number) || tree.hasError(at)) continue;
        const array = tree.childByField(at, Field.argument);
        const index = tree.childByField(at, Field.index);
        if (
          array === NONE ||
          tree.kinds[array] !== (CKind.field_expression as number) ||
          !tree.hasText(tree.childByField(array, Field.field), 'endpoint')
        )
          continue;
        if (tree.kinds[index] !== (CKind.number_literal as number)) continue;
        reports.push({
          node: at,
          function: name,
          message: `endpoint ${tree.textOf(index)} is taken, and nothing in the file asks how many the device has`,
        });
        break;
      }
    }
    return reports;
  },
};
export default rule;
