import { readProgram, type CProgram } from './c/program';
import { linksOf, noCandidate, shownPath, type Candidate, type DriverFile } from './candidate';
import { printConstants, printStatics, printStructs } from './driver/items';
import { fauxNames, isClass, isMisc, MISC, printClassModule } from './driver/classes';
import { configfsEntries, readConfigfs } from './driver/configfs';
import { configfsParts, type ConfigfsParts } from './driver/configfs-print';
import { drmImplementations, isDrm } from './driver/drm';
import { printDriverType } from './driver/driver-type';
import { headerLines, type Statistics } from './driver/header';
import { printHelpers, useHelpers } from './driver/helpers';
import { printImplementation, type Implementation } from './driver/impl';
import { busKinds, entryShapes, implementation, merged } from './driver/implementations';
import { printImports } from './driver/imports';
import { metadataOf } from './driver/metadata';
import { isBus, isPhy, printModule } from './driver/modules';
import { reachableFunctions } from './driver/reach';
import { probeRegistration } from './driver/registration';
import { reasonAgainst } from './driver/roles';
import { findTables, type Tables } from './driver/tables';
import type { KernelApi } from './kernel-api';
import { withoutLints } from './rust/lints';
import { append, closeGaps, link, newLines, printStatements, type Lines } from './rust/statements';
import { analyseFunctions } from './translate/analysis';
import { functionHead, translateFunction, type TranslatedFunction } from './translate/function';
import { signatureKey, Unit, type FunctionInfo, type Uses } from './translate/unit';

/** A signature changes at most as often as calls nest; recursion settles long before. */
const PASSES = 20;

/**
 * Writes a Rust module for a driver, with what this very kernel offers; or says why there is none. Pure, and total on any text.
 * @param files of one driver, as `gatherDriver` finds them; the first one names the module
 * @param api the kernel in use: `openKernelApi`
 */
export function rewriteDriver(files: readonly DriverFile[], api: KernelApi): Candidate {
  const program = readProgram(
    files.map((file) => ({
      path: file.path,
      shown: shownPath(file),
      tree: file.tree,
      isHeader: file.role !== 'source',
      constantsOnly: file.role === 'kernel',
      valuesOnly: file.valuesOnly === true,
    })),
  );
  const tables = findTables(program, api);
  const probe = new Unit(program, api, []);
  const covered = merged(tables.covered).filter(
    (table) =>
      isBus(probe, { table } as Implementation) ||
      isDrm(table.trait) ||
      (isClass(table.trait) && (table.trait.path !== MISC || isMisc(probe, table))),
  );
  const groups = readConfigfs(program);
  const configfs = configfsParts(probe, groups) !== null;
  if (covered.length === 0 && fauxNames(probe).length === 0 && !configfs) return none(api, tables);
  const unit = new Unit(program, api, busKinds(covered));
  const reachable = reachableFunctions(
    program,
    files.flatMap(({ model }) => model ?? []),
    [
      ...covered.flatMap(({ callbacks, parts }) => [...callbacks, ...parts].map((one) => one.function)),
      ...(configfs ? configfsEntries(groups) : []),
    ],
  );
  analyseFunctions(unit, entryShapes(unit, covered), reachable);
  const functions = translateAll(unit);
  const implementations = covered.map((table, i) => implementation(unit, table, covered.length > 1 ? `${i}` : ''));
  for (const one of implementations) one.registers = probeRegistration(unit, one, implementations);
  const parts = implementations
    .filter(({ table }) => isDrm(table.trait))
    .flatMap((one) => drmImplementations(unit, one, implementations, tables.covered));
  return assemble(unit, files, functions, [...implementations, ...parts], configfsParts(unit, groups));
}

interface Translation {
  function: TranslatedFunction;
  uses: Uses;
  /** What it depends on: the signatures that were looked at, and the constants whose type was. */
  signatures: Map<FunctionInfo, string>;
  constants: Set<string>;
}

/** Translates all functions; those again whose translation depends on what those of others have changed. */
function translateAll(unit: Unit): TranslatedFunction[] {
  const done = new Map<FunctionInfo, Translation>();
  let retyped = new Set<string>();
  unit.take();
  for (let pass = 0; pass < PASSES; pass++) {
    let count = 0;
    for (const info of unit.functions.values()) {
      const last = done.get(info);
      if (last && isCurrent(last, retyped)) continue;
      count++;
      unit.consulted.clear();
      unit.constants.asked.clear();
      const translated = translateFunction(unit, info);
      done.set(info, {
        function: translated,
        uses: unit.take(),
        signatures: new Map(unit.consulted),
        constants: new Set(unit.constants.asked),
      });
    }
    if (count === 0) break;
    retyped = pass === 0 ? unit.constants.settle() : new Set();
  }
  const all = [...unit.functions.values()].map((info) => done.get(info)!);
  for (const { uses } of all) unit.give(uses);
  return all.map((one) => one.function);
}

function isCurrent({ signatures, constants }: Translation, retyped: ReadonlySet<string>): boolean {
  for (const name of retyped) if (constants.has(name)) return false;
  for (const [info, key] of signatures) if (signatureKey(info) !== key) return false;
  return true;
}

function assemble(
  unit: Unit,
  files: readonly DriverFile[],
  functions: readonly TranslatedFunction[],
  implementations: readonly Implementation[],
  configfs: ConfigfsParts | null,
): Candidate {
  const metadata = metadataOf(unit.program);
  const drivers = newLines();
  for (const one of implementations) printDriverType(drivers, unit, one);
  for (const one of implementations) printImplementation(drivers, unit, one);
  configfs?.print(drivers);
  for (const { info, counts } of functions) if (configfs?.done.has(info.c.name)) counts.translated = counts.total;
  const bodies = newLines();
  for (const one of functions) if (!configfs?.done.has(one.info.c.name)) printFunction(bodies, unit, one);
  const module = newLines();
  const registered = implementations.filter((one) => isBus(unit, one));
  const buses = registered.some(isPhy) ? registered.filter(isPhy) : registered;
  const more = configfs?.fields ?? [];
  if (buses.length > 0) printModule(module, unit, buses, more, metadata);
  else printClassModule(module, unit, implementations, more, metadata);
  const statics = newLines();
  printStatics(statics, unit);
  const structs = newLines();
  printStructs(structs, unit);
  useHelpers(unit);
  const helpers = newLines();
  printHelpers(helpers, unit);
  const constants = newLines();
  printConstants(constants, unit);
  const statistics = statisticsOf(functions);
  const missing = missingOf(
    functions.filter(({ info }) => configfs?.done.has(info.c.name) !== true),
    unit.program,
  );
  const lines = newLines();
  lines.text.push(
    ...headerLines(
      unit.program,
      metadata,
      unit.api.catalogue,
      statistics,
      missing.map(({ name }) => name),
    ),
    '',
  );
  lines.text.push(
    '// What is left in C would use and reach the rest; what is translated keeps the shape of the C text.',
    '#![allow(',
    '    arithmetic_overflow,',
    '    dead_code,',
    '    unconditional_panic,',
    '    unconditional_recursion,',
    '    unused_assignments,',
    '    unused_labels',
    ')]',
    '',
  );
  printImports(lines, unit.imports);
  lines.text.push('');
  for (const part of [constants, structs, statics, helpers, drivers, bodies, module]) append(lines, part);
  closeGaps(lines);
  const text = `${lines.text.join('\n')}\n`;
  return {
    text,
    links: linksOf(lines, files),
    statistics,
    missing,
    traits: [...new Set([...implementations.map(({ table }) => table.trait.path), ...(configfs?.traits ?? [])])],
    nearest: [],
  };
}

function printFunction(lines: Lines, unit: Unit, { info, body: translated }: TranslatedFunction): void {
  const body = withoutLints(translated, info.returns.k === 'unit' || info.returns.k === 'none');
  const start = lines.text.length;
  const head = functionHead(unit, info).split('\n');
  if (body.length === 0) head[head.length - 1] = `${head.at(-1)!}}`;
  lines.text.push(...head);
  const line = lines.text.length;
  printStatements(lines, body, 1);
  if (body.length > 0) lines.text.push('}');
  const { c } = info;
  link(lines, start, { file: c.file, start: c.start, end: c.bodyStart }, line);
  lines.text.push('');
}

function statisticsOf(functions: readonly TranslatedFunction[]): Statistics {
  const sum = (all: readonly TranslatedFunction[], key: 'total' | 'translated'): number =>
    all.reduce((total, { counts }) => total + counts[key], 0);
  const reached = functions.filter(({ info }) => info.reachable);
  return {
    statements: sum(reached, 'total'),
    translated: sum(reached, 'translated'),
    allStatements: sum(functions, 'total'),
    allTranslated: sum(functions, 'translated'),
    functions: functions.length,
  };
}

/** What the driver defines itself is left for another reason: the kernel does not lack it. */
function missingOf(functions: readonly TranslatedFunction[], program: CProgram): Candidate['missing'] {
  const own = (name: string): boolean => {
    const macro = program.macros.get(name);
    if (macro) return program.files[macro.file]?.constantsOnly === false;
    return program.functions.has(name) || program.structs.has(name) || program.globals.has(name);
  };
  const uses = new Map<string, number>();
  for (const { missing } of functions) for (const name of missing) if (!own(name)) uses.set(name, (uses.get(name) ?? 0) + 1);
  return [...uses].map(([name, count]) => ({ name, uses: count }));
}

/** Why no trait of this kernel stands for what the driver registers. */
function none(api: KernelApi, tables: Tables): Candidate {
  const { version } = api.catalogue.kernel;
  const [part] = tables.covered.filter(({ trait }) => !trait.path.startsWith('kernel::module_param'));
  if (part) {
    const reason = reasonAgainst(part.trait.path);
    return noCandidate(
      `what implements ${part.trait.path} in Linux ${version} cannot be made of struct ${part.struct} alone${reason === null ? '' : `: ${reason}`}`,
      [...new Set(tables.covered.map(({ trait }) => trait.path))],
    );
  }
  const drivers = tables.uncovered.filter(({ struct }) => /_driver$/.test(struct));
  const [first] = drivers.length > 0 ? drivers : tables.uncovered;
  if (!first) return noCandidate('nothing in these files registers a driver');
  const structs = [...new Set((drivers.length > 0 ? drivers : tables.uncovered).map(({ struct }) => `struct ${struct}`))];
  const nearest = (drivers.length > 0 ? drivers : tables.uncovered).flatMap(({ struct }) =>
    api.catalogue.lookup(struct, 'struct').rust.map(({ path }) => path),
  );
  return noCandidate(
    `Linux ${version} has no Rust abstraction of ${structs.slice(0, 3).join(', ')}${first.note === '' ? '' : ` (${first.note})`}`,
    [...new Set(nearest)],
  );
}
