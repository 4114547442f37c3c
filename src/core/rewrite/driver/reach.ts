import type { DriverModel } from '../../driver';
import type { CProgram } from '../c/program';
import { eachExpression, eachPart } from '../translate/locals';

/** Functions that the kernel enters, and those they call or hand on. */
export function reachableFunctions(program: CProgram, models: readonly DriverModel[], callbacks: Iterable<string>): Set<string> {
  const found = new Set<string>();
  const queue: string[] = [
    ...callbacks,
    ...models.flatMap(({ entryPoints }) => entryPoints.flatMap((point) => point.function ?? [])),
  ];
  while (queue.length > 0) {
    const name = queue.pop()!;
    const c = program.functions.get(name);
    if (!c || found.has(name)) continue;
    found.add(name);
    for (const statement of c.body)
      eachExpression(statement, (e) => {
        eachPart(e, (part) => {
          if (part.k === 'id' && program.functions.has(part.name)) queue.push(part.name);
        });
      });
  }
  return found;
}
