import type { DriverModel, FunctionDefinition } from '../../driver';
import { CKind, type SyntaxTree } from '../../syntax';
import { argumentsOf, calleeOf } from '../guards';
import { ownKeys } from '../../own-keys';

/** Functions that free a structure, by the position of the argument. Source: include/linux/slab.h. */
const FREES: Readonly<Record<string, number>> = ownKeys({
  kfree: 0,
  kvfree: 0,
  vfree: 0,
  kfree_sensitive: 0,
  kzfree: 0,
  kfree_rcu: 0,
  kfree_rcu_mightsleep: 0,
  kmem_cache_free: 1,
});

/** What gives a driver its part of a framework's object: such data goes when the framework's object does. */
const PARTS =
  /\b(?:netdev_priv|iio_priv|mmc_priv|spi_(?:controller|master)_get_devdata|shost_priv|wiphy_priv|ieee80211_priv|sdhci_priv|rtc_priv|cfg_priv|memstick_priv|devlink_priv)\s*\($/;
/** Managed allocations: they are freed after the driver's remove function. */
const MANAGED = /\bdevm_(?:k[zmc]alloc|kmalloc_array|kcalloc|kmemdup|kzalloc_obj|kmalloc_obj|kzalloc_objs)\w*\s*\($/;

/** A place at which a structure of some type is freed. */
export interface Free {
  type: string;
  /** What is freed, as the text says it. */
  what: string;
  node: number;
  function: string;
}

/** Who frees structures of which type in a file, and which variables point to them. */
export class Owners {
  #frees: readonly Free[] | undefined;
  readonly #types = new Map<string, string>();

  constructor(
    private readonly tree: SyntaxTree,
    private readonly model: DriverModel,
  ) {}

  /** The places at which structures are freed, in text order. */
  get frees(): readonly Free[] {
    if (this.#frees) return this.#frees;
    const { tree, model } = this;
    const frees: Free[] = [];
    for (const definition of model.functions) {
      if (!/\bk?[vz]?free|kmem_cache_free/.test(tree.text.slice(definition.start, definition.end))) continue;
      for (let node = definition.body; node < tree.nexts[definition.node]!; node++) {
        if (tree.kinds[node] !== (CKind.call_expression as number)) continue;
        const name = calleeOf(tree, node);
        const at = Object.hasOwn(FREES, name) ? FREES[name] : undefined;
        const argument = at === undefined ? undefined : argumentsOf(tree, node)[at];
        if (argument === undefined || tree.hasError(node)) continue;
        const what = tree.textOf(argument);
        const type = this.typeOf(definition, what);
        if (type !== '') frees.push({ type, what, node, function: definition.name });
      }
    }
    return (this.#frees = frees);
  }

  /** The structure that `expression` (`p`, `p->q`) points to in a function; '' if that is not known. */
  typeOf(definition: FunctionDefinition, expression: string): string {
    const plain = expression.replace(/[\s()]/g, '');
    const key = `${definition.name}:${plain}`;
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    let type = '';
    if (/^\w+$/.test(plain)) {
      const text = this.tree.text.slice(definition.start, definition.end);
      type =
        new RegExp(`\\bstruct\\s+(\\w+)\\s*\\*+\\s*(?:const\\s+)?${plain}\\b`).exec(text)?.[1] ??
        new RegExp(`\\bstruct\\s+(\\w+)\\s*\\*[^;(){}]*,\\s*\\*\\s*${plain}\\s*[,;=]`).exec(text)?.[1] ??
        new RegExp(`[{(;,]\\s*(?:const\\s+)?(\\w+_(?:t|struct))\\s*\\*\\s*${plain}\\b`).exec(text)?.[1] ??
        '';
    } else if (/^\w+(?:->|\.)\w+$/.test(plain)) {
      const [, field] = plain.split(/->|\./);
      const found = new Set(
        [...this.tree.text.matchAll(new RegExp(`\\n\\s+struct\\s+(\\w+)\\s*\\*+\\s*${field}\\s*;`, 'g'))].map(([, of]) => of!),
      );
      if (found.size === 1) type = [...found][0]!;
    }
    this.#types.set(key, type);
    return type;
  }

  /** Whether the file declares the structure itself: no other file knows its fields. */
  declares(type: string): boolean {
    return type !== '' && new RegExp(`\\bstruct\\s+${type}\\s*\\{|\\}\\s*${type}\\s*;`).test(this.tree.text);
  }

  /** The structure that a field of a structure of the file is, or points to; '' if that is not known. */
  fieldType(type: string, field: string): string {
    const key = `${type}.${field}`;
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    const at = new RegExp(`\\bstruct\\s+${type}\\s*\\{`).exec(this.tree.text)?.index;
    const rest = at === undefined ? '' : this.tree.text.slice(at);
    const body = rest.slice(0, rest.indexOf('\n}'));
    const found = new RegExp(`\\bstruct\\s+(\\w+)\\s*\\*?\\s*${field}\\s*(?:\\[[^\\]]*\\]\\s*)?;`).exec(body)?.[1] ?? '';
    this.#types.set(key, found);
    return found;
  }

  /** How structures of the type are freed without a call in the file: managed memory, or part of a framework's object. */
  managed(type: string): 'managed' | 'part' | undefined {
    for (const definition of this.model.functions) {
      const text = this.tree.text.slice(definition.start, definition.end);
      if (!/devm_|_priv|_get_devdata/.test(text)) continue;
      for (const [whole, name] of text.matchAll(/\b(\w+)\s*=\s*(?:\([^()]*\)\s*)?\w+\s*\(/g)) {
        const how = MANAGED.test(whole) ? 'managed' : PARTS.test(whole) ? 'part' : undefined;
        if (how && this.typeOf(definition, name!) === type) return how;
      }
    }
    return undefined;
  }
}
