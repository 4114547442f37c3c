import {
  isOpen,
  itemName,
  LABEL,
  STATUS_TEXT,
  type CatalogueEntry,
  type FileAnnotations,
  type KernelIdentity,
  type RustItemJson,
  type Status,
} from '../core';
import { coloured } from './output';

const STATUS_COLOUR: Record<Status, Parameters<typeof coloured>[0]> = {
  safe: 'green',
  partial: 'yellow',
  raw: 'red',
  none: 'dim',
};

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - text.length));

const best = (rust: readonly RustItemJson[]): string => {
  const item = rust.find(({ relation }) => relation !== 'nearest');
  if (item) return itemName(item);
  return rust[0] ? `- (nearest: ${itemName(rust[0])})` : '-';
};

/** A file's annotations for a terminal: entry points by line, each kernel name once, findings. */
export function annotationsText(file: FileAnnotations, kernel: KernelIdentity): string {
  const lines = [coloured('bold', file.path) + coloured('dim', `  ${LABEL} ${kernel.version} (${kernel.source})`)];
  if (file.parse.errors > 0)
    lines.push(coloured('yellow', `  ${file.parse.errors} places could not be parsed; what is said near them may be incomplete`));
  if (file.entryPoints.length > 0) {
    lines.push('', '  Entry points');
    for (const { line, kind, name, function: fn, container, field, status, rust } of file.entryPoints) {
      const hung = field === null ? container : `${container}.${field}`;
      lines.push(row(line, pad(kind, 13) + pad(fn ?? name, 32) + ' ' + pad(hung, 34), status, rust));
    }
  }
  const names = new Map<string, { line: number; uses: number; status: Status; rust: RustItemJson[] }>();
  for (const { name, kind, line, status, rust } of file.apis) {
    if (kind === 'header') continue;
    const seen = names.get(name);
    if (seen) seen.uses++;
    else names.set(name, { line, uses: 1, status, rust });
  }
  if (names.size > 0) {
    const counts = { safe: 0, partial: 0, raw: 0, none: 0 };
    for (const { status } of names.values()) counts[status]++;
    lines.push(
      '',
      `  Kernel names: ${names.size} (${counts.safe} safe, ${counts.partial} partial, ${counts.raw} raw, ${counts.none} none)`,
    );
    for (const [name, { line, uses, status, rust }] of names)
      lines.push(row(line, pad(name, 45) + ' ' + pad(`${uses}×`, 34), status, rust));
  }
  const open = file.findings.filter(isOpen);
  if (open.length > 0) {
    lines.push('', '  Findings');
    for (const { line, kind, rule, cwe, message, rust } of open)
      lines.push(
        `  ${String(line).padStart(6)}  ${pad(kind, 8)} ${rule} (${cwe}): ${message}; in Rust ${rust.verdict.replace('-', ' ')}: ${rust.mechanism}`,
      );
  }
  const hidden = file.findings.length - open.length;
  if (hidden > 0) lines.push('', coloured('dim', `  ${hidden} more, allowed or in the baseline`));
  return `${lines.join('\n')}\n\n`;
}

function row(line: number, columns: string, status: Status, rust: readonly RustItemJson[]): string {
  return `  ${String(line).padStart(6)}  ${columns} ${coloured(STATUS_COLOUR[status], pad(status, 8))} ${best(rust)}`.trimEnd();
}

/** An entry of the catalogue for a terminal. */
export function entryText({ name, kind, status, rust, note }: CatalogueEntry): string {
  const lines = [`${coloured('bold', name)} (${kind}): ${coloured(STATUS_COLOUR[status], STATUS_TEXT[status])}`];
  if (note) lines.push(`  ${note}`);
  for (const item of rust) {
    lines.push(`  ${pad(item.relation, 10)} ${itemName(item)}${item.unsafe ? ' (unsafe)' : ''}`);
    const facts = [
      item.file === null ? '' : `${item.file}:${item.line ?? 1}`,
      item.since === null ? '' : `in ${item.since}${item.absentIn === null ? '' : `, not in ${item.absentIn}`}`,
      ...item.config,
    ].filter(Boolean);
    if (facts.length > 0) lines.push(coloured('dim', `             ${facts.join(', ')}`));
    if (item.signature) lines.push(coloured('dim', `             ${item.signature}`));
    for (const reason of item.evidence.slice(0, 3)) lines.push(coloured('dim', `             ${reason}`));
  }
  return `${lines.join('\n')}\n`;
}
