import type { SyntaxTree } from '../../syntax';
import type { DriverModel } from '../../driver';

/** Which functions of a file mention which others: calls, and callbacks that are handed on. */
export class Mentions {
  readonly #of = new Map<string, ReadonlySet<string>>();
  readonly #names: ReadonlySet<string>;

  constructor(
    private readonly tree: SyntaxTree,
    private readonly model: DriverModel,
  ) {
    this.#names = new Set(model.functions.map(({ name }) => name));
  }

  private of(name: string): ReadonlySet<string> {
    let mentions = this.#of.get(name);
    if (!mentions) {
      const found = new Set<string>();
      for (const { name: other, start, end } of this.model.functions) {
        if (other !== name) continue;
        // Fields may have the names of functions: `priv->poll_work`.
        for (const word of this.tree.text.slice(start, end).match(/(?:->\s*|\.)?[A-Za-z_]\w*/g) ?? [])
          if (this.#names.has(word)) found.add(word);
      }
      found.delete(name);
      this.#of.set(name, (mentions = found));
    }
    return mentions;
  }

  /** The functions that are reached from any of `names`, these included, but not by way of `except`. */
  closure(names: Iterable<string>, except?: ReadonlySet<string>): Set<string> {
    const reached = new Set<string>();
    const open = [...names];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      for (const next of this.of(name)) if (!except?.has(next)) open.push(next);
    }
    return reached;
  }
}
