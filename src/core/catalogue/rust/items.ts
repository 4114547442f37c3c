import { Field, NONE, RustKind, lineIndex, lineStartsOf, type Syntax, type SyntaxTree } from '../../syntax';
import type { ImplHeader, ItemFact, ItemKind, RustFile, UseFact, Visibility } from '../facts';
import { noAttributes, readAttribute, type Attributes } from './attributes';
import { bodyRefs } from './body';
import { docFacts } from './docs';
import { expandInvocation } from './expand';
import { identifiersIn, parseBounds, pathNames } from './generics';
import { tokenize } from './lexer';
import { macroFact } from './macro-parameters';
import { parseRules, type MacroRule } from './token-trees';
import { useLeaves } from './uses';
import { ownKeys } from '../../own-keys';

/**
 * Reads one Rust file.
 * @returns its items, its `use` declarations and what they refer to; broken Rust gives what can be read
 */
export function indexRustFile(path: string, text: string, syntax: Syntax): RustFile {
  return new FileReader(path, text, syntax).read();
}

const ITEM_KINDS = new Map<number, ItemKind>([
  [RustKind.mod_item, 'module'],
  [RustKind.function_item, 'function'],
  [RustKind.function_signature_item, 'function'],
  [RustKind.struct_item, 'struct'],
  [RustKind.enum_item, 'enum'],
  [RustKind.union_item, 'union'],
  [RustKind.trait_item, 'trait'],
  [RustKind.type_item, 'type'],
  [RustKind.associated_type, 'associated-type'],
  [RustKind.const_item, 'constant'],
  [RustKind.static_item, 'static'],
  [RustKind.macro_definition, 'macro'],
  [RustKind.impl_item, 'impl'],
  [RustKind.enum_variant, 'variant'],
]);

/** Where a tree's offsets are in the file: the same, or mapped for the text that a macro expands to. */
interface Source {
  tree: SyntaxTree;
  offsetOf: (offset: number) => number;
}

class FileReader {
  private readonly file: RustFile;
  private readonly macros = new Map<string, MacroRule[]>();
  private readonly lineStarts: Uint32Array;
  private expansions = 0;

  constructor(
    path: string,
    private readonly text: string,
    private readonly syntax: Syntax,
  ) {
    this.file = { path, items: [], uses: [], headers: [], mentions: [] };
    this.lineStarts = lineStartsOf(text);
  }

  read(): RustFile {
    const tree = this.syntax.parse('rust', this.text);
    this.collectMacros(tree);
    const source = { tree, offsetOf: (offset: number) => offset };
    const inner = this.children(source, 0, -1, noAttributes());
    const docs = docFacts(inner.docs);
    this.file.headers = docs.headers;
    this.file.mentions = docs.mentions;
    return this.file;
  }

  private collectMacros(tree: SyntaxTree): void {
    for (let node = 0; node < tree.size; node++) {
      if (tree.kinds[node] !== (RustKind.macro_definition as number)) continue;
      const name = tree.textOf(tree.childByField(node, Field.name));
      const text = tree.textOf(node);
      const open = text.search(/[{(]\s*(?:\/\/[^\n]*\n\s*)*[([{]/);
      if (open >= 0) this.macros.set(name, [...(this.macros.get(name) ?? []), ...parseRules(text.slice(open + 1, -1))]);
    }
  }

  /** Reads the items among the children of `node`; returns the inner docs (`//!`) and attributes. */
  private children(source: Source, node: number, parent: number, inherited: Attributes): Attributes {
    const { tree } = source;
    const inner = noAttributes();
    inner.config = inherited.config;
    let pending = noAttributes();
    for (const child of tree.children(node)) {
      const kind = tree.kinds[child]!;
      if (kind === (RustKind.line_comment as number) || kind === (RustKind.block_comment as number)) {
        const text = tree.textOf(child);
        if (text.startsWith('///') || text.startsWith('/**')) pending.docs += `${text.replace(/^\/\/\/ ?/, '')}\n`;
        else if (text.startsWith('//!')) inner.docs += `${text.slice(3)}\n`;
      } else if (kind === (RustKind.attribute_item as number)) readAttribute(tree.textOf(child), pending);
      else if (kind === (RustKind.inner_attribute_item as number)) readAttribute(tree.textOf(child), inner);
      else if (kind === (RustKind.token as number)) continue;
      else {
        if (!pending.absent) this.item(source, child, kind, parent, pending);
        pending = noAttributes();
      }
    }
    return inner;
  }

  private item(source: Source, node: number, kind: number, parent: number, attributes: Attributes): void {
    const { tree } = source;
    const itemKind = ITEM_KINDS.get(kind);
    if (itemKind !== undefined) this.define(source, node, itemKind, parent, attributes);
    else if (kind === (RustKind.use_declaration as number)) this.use(source, node, parent, attributes);
    else if (kind === (RustKind.expression_statement as number) || kind === (RustKind.macro_invocation as number)) {
      const call = kind === (RustKind.macro_invocation as number) ? node : tree.childOfKind(node, RustKind.macro_invocation);
      if (call !== NONE) this.invocation(source, call, parent, attributes);
    }
  }

  private define(source: Source, node: number, kind: ItemKind, parent: number, attributes: Attributes): void {
    const { tree } = source;
    const nameNode = tree.childByField(node, Field.name);
    if (nameNode === NONE && kind !== 'impl') return;
    const body = bodyNode(tree, node, kind);
    const docs = docFacts(attributes.docs);
    const isMethod = kind === 'function' && parent >= 0 && ['trait', 'impl'].includes(this.file.items[parent]!.kind);
    const header = tree.text.slice(tree.starts[node], body === NONE ? tree.ends[node] : tree.starts[body]);
    const item: ItemFact = {
      kind: isMethod ? 'method' : kind,
      name: nameNode === NONE ? '' : tree.textOf(nameNode).replace(/^r#/, ''),
      line: this.lineOf(source, nameNode === NONE ? node : nameNode),
      visibility: visibilityOf(tree, node),
      parent,
      // Nothing marks a macro but its documentation.
      unsafe: kind === 'macro' ? /^\s*#+ Safety\b/m.test(attributes.docs) : /^[^({]*\bunsafe\b/.test(header),
      config: attributes.config,
      hidden: attributes.hidden,
      signature: kind === 'impl' || kind === 'module' ? null : signatureOf(header, kind),
      flag: kind === 'macro' ? attributes.macroExport : body !== NONE,
      bounds: boundsOf(tree, node),
      headers: docs.headers,
      mentions: docs.mentions,
      aliases: attributes.aliases,
      pathAttribute: attributes.path,
      inline: kind === 'module' && body !== NONE,
      impl: kind === 'impl' ? implHeader(tree, node) : null,
      target: targetOf(tree, node, kind),
      refs: null,
      vtable: attributes.vtable,
      macro: kind === 'macro' && body !== NONE ? macroFact(rulesOf(tree, node)) : null,
    };
    if (attributes.procMacro !== null) applyProcMacro(item, attributes.procMacro);
    const index = this.file.items.push(item) - 1;
    if (kind === 'module' || kind === 'trait' || kind === 'impl' || kind === 'enum') {
      if (body === NONE) return;
      const inner = this.children(source, body, index, attributes);
      if (kind === 'module') {
        const innerDocs = docFacts(inner.docs);
        item.headers.push(...innerDocs.headers);
        item.mentions.push(...innerDocs.mentions);
      }
    } else {
      const from = nameNode === NONE ? tree.starts[node]! : tree.ends[nameNode]!;
      const isType = kind === 'struct' || kind === 'union' || kind === 'variant';
      const text = isType ? withoutCallbacks(tree.text, from, tree.ends[node]!) : tree.text;
      const refs = bodyRefs(text, from, tree.ends[node]!, this.lineStarts, source.offsetOf);
      if (refs.bindings.length > 0 || refs.paths.length > 0 || refs.vtable.length > 0) item.refs = refs;
    }
  }

  private use(source: Source, node: number, parent: number, attributes: Attributes): void {
    const { tree } = source;
    const argument = tree.childByField(node, Field.argument);
    if (argument === NONE) return;
    const visibility = visibilityOf(tree, node);
    for (const { path, name, at } of useLeaves(tree.textOf(argument))) {
      const use: UseFact = {
        parent,
        path,
        name,
        visibility,
        config: attributes.config,
        hidden: attributes.hidden,
        noInline: attributes.noInline,
        line: lineIndex(this.lineStarts, source.offsetOf(tree.starts[argument]! + at)) + 1,
      };
      this.file.uses.push(use);
    }
  }

  /** Expands a macro of this file that stands where items stand, and reads what comes out. */
  private invocation(source: Source, node: number, parent: number, attributes: Attributes): void {
    const { tree } = source;
    const macro = tree.textOf(tree.childByField(node, Field.macro));
    const name = macro.slice(macro.lastIndexOf(':') + 1);
    const argument = tree.childOfKind(node, RustKind.token_tree);
    if (argument === NONE || !this.macros.has(name) || this.expansions > 200) return;
    this.expansions++;
    const tokens = tokenize(tree.text, tree.starts[argument]! + 1, tree.ends[argument]! - 1);
    const expansion = expandInvocation(name, tokens, 0, tokens.length, this.macros);
    if (!expansion) return;
    const at = tree.starts[node]!;
    const wrapped =
      parent >= 0 && ['impl', 'trait'].includes(this.file.items[parent]!.kind)
        ? `impl X {\n${expansion.text}\n}`
        : expansion.text;
    const shift = wrapped === expansion.text ? 0 : 'impl X {\n'.length;
    const inner = this.syntax.parse('rust', wrapped);
    const offsetOf = (offset: number): number => {
      const origin = expansion.originAt(offset - shift);
      return source.offsetOf(origin >= 0 ? origin : at);
    };
    let root = 0;
    if (shift > 0) root = inner.childOfKind(inner.childOfKind(0, RustKind.impl_item), RustKind.declaration_list);
    if (root !== NONE) this.children({ tree: inner, offsetOf }, root, parent, attributes);
  }

  private lineOf(source: Source, node: number): number {
    return lineIndex(this.lineStarts, source.offsetOf(source.tree.starts[node]!)) + 1;
  }
}

function bodyNode(tree: SyntaxTree, node: number, kind: ItemKind): number {
  if (kind === 'constant' || kind === 'static') return tree.childByField(node, Field.value);
  if (kind === 'variant') return NONE;
  if (kind === 'macro')
    return tree.childByField(node, Field.name) === NONE ? NONE : tree.nexts[tree.childByField(node, Field.name)]!;
  const body = tree.childByField(node, Field.body);
  return kind === 'struct' && body !== NONE && tree.kinds[body] === (RustKind.ordered_field_declaration_list as number)
    ? NONE
    : body;
}

/** The text with the types of function pointers blanked: a table of callbacks holds none of the structures that they take. */
function withoutCallbacks(text: string, from: number, to: number): string {
  const body = text.slice(from, to);
  if (!/\bfn\s*\(/.test(body)) return text;
  const bare = body.replace(/\bfn\s*\((?:[^()]|\([^()]*\))*\)(?:\s*->[^,}>)]*)?/g, (match) => match.replace(/[^\n]/g, ' '));
  return text.slice(0, from) + bare + text.slice(to);
}

/** The text of a macro's rules. */
function rulesOf(tree: SyntaxTree, node: number): string {
  const text = tree.textOf(node);
  return text.slice(text.search(/[{(]/) + 1, -1);
}

function visibilityOf(tree: SyntaxTree, node: number): Visibility {
  const modifier = tree.childOfKind(node, RustKind.visibility_modifier);
  if (modifier === NONE) return 'private';
  return tree.hasText(modifier, 'pub') ? 'public' : 'restricted';
}

function signatureOf(header: string, kind: ItemKind): string {
  if (kind === 'macro') return /macro_rules!\s*\w+/.exec(header)?.[0].replace(/\s+/g, ' ') ?? header;
  const bare = header
    .replace(/\/\/[^\n]*\n/g, ' ')
    .replace(/^pub(?:\s*\([^)]*\))?\s+/, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?[=;{]\s*$/, '')
    .replace(/ ?([(<[]) /g, '$1')
    .replace(/,? \)/g, ')')
    .replace(/ ([,;:>])/g, '$1')
    .replace(/(\w) \(/g, '$1(')
    .replace(/:</g, ': <')
    .replace(/:: </g, '::<')
    .replace(/(->|=|,)(?=\S)(?!>)/g, '$1 ')
    .replace(/(\w|\)) ?->/g, '$1 ->')
    .trim();
  return bare.length > 400 ? `${bare.slice(0, 399)}…` : bare;
}

function boundsOf(tree: SyntaxTree, node: number): Record<string, string[][]> {
  const bounds: Record<string, string[][]> = ownKeys({});
  const parameters = tree.childByField(node, Field.type_parameters);
  if (parameters !== NONE) parseBounds(tree.textOf(parameters), bounds);
  const where = tree.childOfKind(node, RustKind.where_clause);
  if (where !== NONE) parseBounds(tree.textOf(where), bounds);
  const parametersOfCall = tree.childByField(node, Field.parameters);
  if (parametersOfCall !== NONE) {
    // `io: impl Io` in argument position
    for (const match of tree.textOf(parametersOfCall).matchAll(/(\w+)\s*:\s*&?(?:mut\s+)?impl\s+([\w:]+)/g))
      (bounds[match[1]!] ??= []).push(match[2]!.split('::'));
  }
  return bounds;
}

function implHeader(tree: SyntaxTree, node: number): ImplHeader {
  const trait = tree.childByField(node, Field.trait);
  const type = tree.childByField(node, Field.type);
  const selfText = type === NONE ? '' : tree.textOf(type);
  const self = pathNames(selfText);
  return {
    trait: trait === NONE ? null : pathNames(tree.textOf(trait)),
    self,
    selfArguments: identifiersIn(selfText).filter((name) => !self.includes(name)),
    gives: trait === NONE ? [] : identifiersIn(/<([^]*)>$/.exec(tree.textOf(trait))?.[1] ?? ''),
    reference: selfText.startsWith('&'),
  };
}

function targetOf(tree: SyntaxTree, node: number, kind: ItemKind): string[] {
  if (kind === 'type') {
    const type = tree.childByField(node, Field.type);
    return type === NONE ? [] : identifiersIn(tree.textOf(type));
  }
  if (kind === 'trait' || kind === 'associated-type') {
    const bounds = tree.childByField(node, Field.bounds);
    return bounds === NONE ? [] : identifiersIn(tree.textOf(bounds));
  }
  return [];
}

function applyProcMacro(item: ItemFact, what: string): void {
  item.kind = 'macro';
  item.flag = true;
  item.signature = what;
  if (what.startsWith('derive ')) item.name = what.slice('derive '.length);
}
