import { parseExpression, type Expression } from './expression';
import { bare, type Definition, type KconfigTree } from './tree';

/** Where a driver can be built at all, and where together with Rust. */
export interface DriverArchitectures {
  /** Folders of arch/ for which its symbols can be set. */
  built: string[];
  /** Those of them in which CONFIG_RUST can be set with them. */
  rust: string[];
}

/**
 * For which architectures symbols can be set, and for which of these Rust can be built too: what `select HAVE_RUST` in arch/ says, with its
 * conditions. Hardware counts, so COMPILE_TEST is off. Where Kconfig asks what only a build knows (a compiler's option, a number), both
 * answers are held possible: that a symbol cannot be set is certain, that it can is not.
 */
export class RustArchitectures {
  private readonly built: readonly World[];
  private readonly rust: readonly World[];

  constructor(tree: KconfigTree) {
    this.built = tree.architectures.map((arch) => new World(tree, arch, []));
    this.rust = tree
      .selectors('HAVE_RUST')
      .flatMap(({ by: { arch }, condition }) => (arch === undefined ? [] : [new World(tree, arch, ['RUST', condition])]));
  }

  /**
   * @param configs symbols that must all be set, `CONFIG_GPIO_ACME`
   * @returns undefined if nothing is known: of a tree whose architectures were not read, a kernel before Rust, a symbol that no Kconfig defines
   */
  of(configs: readonly string[]): DriverArchitectures | undefined {
    const where = (worlds: readonly World[]): string[] =>
      [...new Set(worlds.filter((world) => configs.every((name) => world.canBeSet(bare(name)))).map(({ arch }) => arch))].sort();
    const built = where(this.built);
    return built.length === 0 || this.rust.length === 0 ? undefined : { built, rust: where(this.rust) };
  }
}

const NEVER = 'COMPILE_TEST';

/** Selectors of which it is asked what they have in common; of more, nothing is. */
const MOST = 8;

/** What an expression can be. */
interface Outcomes {
  true: boolean;
  false: boolean;
}

const EITHER: Outcomes = { true: true, false: true };

/** The configurations of one architecture in which some expressions hold. */
class World {
  /** Symbols that are set in all of them. */
  private readonly certain = new Set<string>();
  /** Whether a symbol is set in any of them. */
  private readonly known = new Map<string, boolean>([[NEVER, false]]);
  private readonly consequences = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly tree: KconfigTree,
    readonly arch: string,
    assumed: readonly string[],
  ) {
    for (const one of tree.constants(arch)) if (this.definitions(one).length === 1) this.certain.add(one);
    for (const text of assumed)
      for (const one of this.impliedByText(text))
        if (one.startsWith('!')) this.known.set(one.slice(1), false);
        else this.certain.add(one);
    for (const one of this.certain) for (const other of this.rivals(one)) this.known.set(other, false);
  }

  canBeSet(name: string): boolean {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if (this.certain.has(name)) return true;
    this.known.set(name, true); // in a circle: held possible
    const result =
      this.tree.definitions(name).some((definition) => this.isHere(definition) && this.allows(definition)) ||
      this.tree
        .selectors(name)
        .some(({ by, condition }) => this.isHere(by) && this.canHold(condition) && this.canBeSet(bare(by.symbol.name)));
    this.known.set(name, result);
    return result;
  }

  private allows({ symbol, requires }: Definition): boolean {
    if (!requires.every((text) => this.canHold(text))) return false;
    if (symbol.type === 'other') return true;
    if (symbol.prompt !== '' && this.canHold(symbol.promptIf)) return true;
    return symbol.defaults.some(({ what, condition }) => this.canHold(condition) && this.canHold(what));
  }

  private readonly isHere = ({ arch }: Definition): boolean => arch === undefined || arch === this.arch;

  private readonly definitions = (name: string): Definition[] => this.tree.definitions(name).filter(this.isHere);

  private readonly selectors = (name: string): { by: Definition; condition: string }[] =>
    this.tree.selectors(name).filter(({ by }) => this.isHere(by));

  private canHold(text: string): boolean {
    if (text === '') return true;
    const expression = parsed(text);
    return expression === undefined || this.outcomes(expression).true;
  }

  private outcomes(expression: Expression): Outcomes {
    switch (expression.k) {
      case 'symbol':
        return this.outcomesOf(expression.name);
      case 'not': {
        const of = this.outcomes(expression.of);
        return { true: of.false, false: of.true };
      }
      case 'and':
      case 'or': {
        const [a, b] = [this.outcomes(expression.left), this.outcomes(expression.right)];
        return expression.k === 'and'
          ? { true: a.true && b.true, false: a.false || b.false }
          : { true: a.true || b.true, false: a.false && b.false };
      }
      case 'compare': {
        const { left, operator, right } = expression;
        const wanted = right === 'y' || right === 'm' ? operator : right === 'n' ? (operator === '=' ? '!=' : '=') : '';
        const of = this.outcomesOf(left);
        return wanted === '=' ? { true: of.true, false: true } : wanted === '!=' ? { true: true, false: of.true } : EITHER;
      }
    }
  }

  private outcomesOf(name: string): Outcomes {
    if (name === 'y' || name === 'm') return { true: true, false: false };
    if (name === 'n') return { true: false, false: true };
    if (/^(?:["'-]|\d+$|0[xX])/.test(name)) return EITHER;
    return { true: this.canBeSet(name), false: !this.certain.has(name) };
  }

  private impliedByText(text: string): ReadonlySet<string> {
    const expression = text === '' ? undefined : parsed(text);
    return expression ? this.impliedBy(expression) : new Set();
  }

  /** What holds whenever an expression does: symbols (`X`) and negations (`!X`). */
  private impliedBy(expression: Expression): ReadonlySet<string> {
    switch (expression.k) {
      case 'symbol':
        return this.impliedBySymbol(expression.name);
      case 'not':
        return new Set(expression.of.k === 'symbol' ? [`!${expression.of.name}`] : []);
      case 'and':
        return new Set([...this.impliedBy(expression.left), ...this.impliedBy(expression.right)]);
      case 'or':
        return both(this.impliedBy(expression.left), this.impliedBy(expression.right));
      case 'compare':
        return new Set();
    }
  }

  /** What holds whenever a symbol is set: what its only definition requires and selects, and for one without a prompt what its default asks for or all of its selectors have in common. */
  private impliedBySymbol(name: string): ReadonlySet<string> {
    const known = this.consequences.get(name);
    if (known) return known;
    const implied = new Set([name]);
    this.consequences.set(name, implied);
    const [definition, other] = this.definitions(name);
    if (!definition || other) return implied;
    const selectors = this.selectors(name).filter(({ by }) => !this.isDead(by));
    const { symbol, requires } = definition;
    const add = (more: ReadonlySet<string>): void => {
      for (const one of more) implied.add(one);
    };
    const [byItself, another] = symbol.defaults;
    const unselected = selectors.length === 0; // `select` asks for no conditions
    if (unselected) for (const text of requires) add(this.impliedByText(text));
    if (unselected && symbol.prompt !== '' && !byItself) add(this.impliedByText(symbol.promptIf));
    if (unselected && symbol.prompt === '' && byItself && !another)
      for (const text of [byItself.condition, byItself.what]) add(this.impliedByText(text));
    if (!unselected && symbol.prompt === '' && !byItself && selectors.length <= MOST)
      add(
        selectors
          .map(({ by, condition }) => new Set([...this.impliedBySymbol(bare(by.symbol.name)), ...this.impliedByText(condition)]))
          .reduce(both),
      );
    // Last, since what it selects may be on the way back to it.
    for (const { what, condition, implied: weak } of symbol.turnsOn)
      if (condition === '' && !weak) add(this.impliedBySymbol(what));
    return implied;
  }

  /** Whether nothing can set a symbol: it has no prompt, no value by itself, and nothing selects it. */
  private isDead({ symbol }: Definition): boolean {
    return symbol.prompt === '' && symbol.defaults.length === 0 && this.selectors(bare(symbol.name)).length === 0;
  }

  /** The other members of a choice. */
  private rivals(name: string): string[] {
    const [definition, other] = this.definitions(name);
    if (definition?.symbol.choice === undefined || other) return [];
    const { file, choice } = definition.symbol;
    return this.tree.members(file, choice).filter((member) => member !== name && this.definitions(member).length === 1);
  }
}

const both = (a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> => new Set([...a].filter((one) => b.has(one)));

const MACRO = /\$\((?:[^()]|\([^()]*\))*\)/g;

const expressions = new Map<string, Expression | undefined>();

function parsed(text: string): Expression | undefined {
  // What a macro says, `$(cc-option,-mx)`, only a build knows: a text is neither y nor n.
  if (!expressions.has(text)) expressions.set(text, parseExpression(text.replace(MACRO, '""')));
  return expressions.get(text);
}
