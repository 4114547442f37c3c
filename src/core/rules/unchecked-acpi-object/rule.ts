import { CKind, Field } from '../../syntax';
import type { Report, Rule, RuleContext } from '../model';

const OBJECT: ReadonlySet<string> = new Set(['acpi_object']);

const rule: Rule = {
  metadata: {
    id: 'unchecked-acpi-object',
    title: 'ACPI object read without asking what it is',
    kind: 'suspect',
    severity: 'warning',
    confidence: 'medium',
    cwe: 'CWE-843',
    why: 'Firmware decides what a method returns. Read as a buffer or package, an integer is taken for a pointer.',
    falsePositives: ['Another function has asked for the type of the object.'],
    references: [
      'Documentation/driver-api/acpi',
      'include/acpi/actypes.h: union acpi_object',
      'https://cwe.mitre.org/data/definitions/843.html',
    ],
    rust: {
      verdict: 'prevented',
      mechanism: 'An enum is read by matching on it: another variant is another arm.',
      items: ['core::option::Option'],
    },
  },
  run: ({ tree, model, usesAny }: RuleContext): Report[] => {
    if (!usesAny(OBJECT)) return [];
    const reports: Report[] = [];
    for (const { name: inside, body, start, end } of model.functions) {
      const text = tree.text.slice(start, end);
      if (!/acpi_object/.test(text) || /_typed\(/.test(text)) continue;
      for (const [, object] of text.matchAll(/\bunion\s+acpi_object\s*\*\s*(\w+)\s*(?:=|;|,)/g)) {
        const from = new RegExp(`\\b${object!}\\s*=\\s*(?:\\([^()]*\\)\\s*)?(?:\\w+(?:\\.|->)pointer\\s*;|acpi_evaluate_dsm\\()`);
        if (
          !from.test(text) ||
          new RegExp(
            `\\b${object!}\\s*->\\s*type\\b|\\b${object!}\\[\\d\\]\\.type|\\w*(?:valid|check|type|extract)\\w*\\s*\\([^;]*\\b${object!}\\b`,
          ).test(text)
        )
          continue;
        for (let node = body; node < tree.nexts[body]!; node++) {
          if (tree.kinds[node] !== (CKind.field_expression as number) || tree.hasError(node)) continue;
          if (
            !new RegExp(`^${object!}\\s*->\\s*(?:buffer|package|string)\\s*\\.\\s*(?:pointer|elements|count|length)$`).test(
              tree.textOf(node),
            )
          )
            continue;
          if (tree.fields[node] === (Field.left as number)) continue;
          reports.push({
            node,
            function: inside,
            message: `${tree.textOf(node)} is read, and nothing in ${inside}() asks for the type of ${object!}: firmware decides it`,
          });
          break;
        }
      }
    }
    return reports;
  },
};
export default rule;
