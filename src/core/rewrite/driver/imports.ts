import type { Lines } from '../rust/statements';

interface Node {
  self: boolean;
  children: Map<string, Node>;
}

/** `use kernel::{…};` in the kernel's vertical style: one name a line, ` //` after the last one so that rustfmt keeps it so. */
export function printImports(lines: Lines, paths: ReadonlySet<string>): void {
  const root: Node = { self: false, children: new Map() };
  for (const path of [...paths, 'kernel::prelude::*']) {
    let node = root;
    for (const part of path.split('::').slice(1)) {
      let child = node.children.get(part);
      if (!child) node.children.set(part, (child = { self: false, children: new Map() }));
      node = child;
    }
    node.self = true;
  }
  const text = (name: string, node: Node): string => {
    if (node.children.size === 0) return name;
    const parts = [...node.children].sort(([a], [b]) => order(a, b)).map(([child, inner]) => text(child, inner));
    if (node.self) parts.unshift('self');
    return parts.length === 1 ? `${name}::${parts[0]!}` : `${name}::{${parts.join(', ')}}`;
  };
  const print = (name: string, node: Node, level: number, last: boolean): void => {
    const indent = '    '.repeat(level);
    const end = last ? ', //' : ',';
    const children = [...node.children].sort(([a], [b]) => order(a, b));
    if (children.length + (node.self ? 1 : 0) <= 1 && children.every(([, inner]) => isChain(inner))) {
      lines.text.push(`${indent}${text(name, node)}${end}`);
      return;
    }
    if (children.length === 1 && !node.self) {
      const [child, inner] = children[0]!;
      print(`${name}::${child}`, inner, level, last);
      return;
    }
    lines.text.push(`${indent}${name}::{`);
    if (node.self) lines.text.push(`${indent}    self,`);
    children.forEach(([child, inner], i) => {
      print(child, inner, level + 1, i === children.length - 1);
    });
    lines.text.push(`${indent}}${end}`);
  };
  const top = [...root.children].sort(([a], [b]) => order(a, b));
  if (top.length === 1 && isChain(top[0]![1])) {
    lines.text.push(`use kernel::${text(...top[0]!)};`);
    return;
  }
  lines.text.push('use kernel::{');
  top.forEach(([name, node], i) => {
    print(name, node, 1, i === top.length - 1);
  });
  lines.text.push('};');
}

const isChain = (node: Node): boolean =>
  node.children.size === 0 || (node.children.size === 1 && !node.self && isChain([...node.children.values()][0]!));

/** rustfmt's order: modules and functions, then types, then constants. */
function order(a: string, b: string): number {
  const rank = (name: string): number => (/^[a-z_]/.test(name) ? 0 : /[a-z]/.test(name) ? 1 : 2);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
