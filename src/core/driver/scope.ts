import { NONE } from '../syntax';
import type { FunctionDefinition } from './model';
import type { Survey } from './survey';

/** Which names are parameters and local variables at the point that the second pass has come to. */
export class Scope {
  /** The function that the pass is in; undefined between functions. */
  function: FunctionDefinition | undefined;
  private readonly open: FunctionDefinition[] = [];
  private readonly locals: Int32Array;
  private readonly owners: Int32Array;
  private end = Infinity;
  private next = 0;

  constructor(readonly survey: Survey) {
    this.locals = new Int32Array(survey.names.size);
    this.owners = new Int32Array(survey.names.size).fill(NONE);
  }

  /** Tells that the pass has come to `node`. */
  moveTo(node: number): void {
    while (node >= this.end) this.leave();
  }

  /** Tells that a function definition starts at `node`. */
  enter(node: number): void {
    const { functions } = this.survey;
    while (this.next < functions.length && functions[this.next]!.node < node) this.next++;
    const entered = functions[this.next];
    if (entered?.node !== node) return;
    if (this.function) this.open.push(this.function);
    this.function = entered;
    this.end = this.survey.tree.nexts[node]!;
  }

  /** Tells that the identifier `node` declares a parameter or local variable. */
  declare(node: number): void {
    const name = this.survey.nameOf[node]!;
    this.locals[name] = node;
    this.owners[name] = this.function ? this.function.node : NONE;
  }

  /** Whether `name` is a parameter or local variable here. */
  isLocal(name: number): boolean {
    return this.function !== undefined && this.owners[name] === this.function.node;
  }

  /** The identifier that declares the variable `name` as seen from here, or `NONE`. */
  declarator(name: number): number {
    return this.isLocal(name) ? this.locals[name]! : (this.survey.globals.get(name) ?? NONE);
  }

  private leave(): void {
    this.function = this.open.pop();
    this.end = this.function ? this.survey.tree.nexts[this.function.node]! : Infinity;
  }
}
