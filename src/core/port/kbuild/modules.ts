import { normalise, readMakefile, type ReadMakefile, type Variables, type Word } from './makefile';

/** A module, or an object that is linked into the kernel on its own, as a makefile states it. */
export interface Module {
  /** Name without `.o`: that of the `.ko`, if it is one. */
  name: string;
  /** Folder of the makefile. */
  folder: string;
  /** Symbols under which it is built, as the makefile and those above it state them, the nearest first; empty if always. */
  configs: string[];
  /** Sources from the root of the tree, in the makefile's order; `.c` files that exist only. */
  sources: string[];
  /** Whether some symbol makes it: `obj-y` objects are part of the kernel whatever is configured. */
  always: boolean;
}

/** What a makefile says of its folder. */
interface FolderRules {
  modules: Module[];
  /** Folders below that it leads to, and the symbols on the way. */
  folders: Map<string, string[]>;
  /** Sources of programs that run on the machine that builds. */
  programs: string[];
  /** Folders in which the sources of this folder look for headers, and those of this one and the folders below. */
  includes: { here: string[]; below: string[] };
}

/** The build rules of a kernel tree, read as they are asked for. Paths are relative to the root of the tree. */
export class Kbuild {
  private readonly rules = new Map<string, Promise<FolderRules>>();
  private readonly includePaths = new Map<string, Promise<readonly string[]>>();

  /**
   * @param read text of a file, undefined if there is none
   * @param exists whether the tree has a C source
   */
  constructor(
    private readonly read: ReadMakefile,
    private readonly exists: (path: string) => boolean | Promise<boolean>,
  ) {}

  /** The modules that the makefile of `folder` builds, with the symbols of the folders above. */
  async modulesIn(folder: string): Promise<Module[]> {
    const { modules } = await this.rulesOf(folder);
    if (modules.length === 0) return [];
    const above = await this.configsOf(folder);
    return modules.map((module) => ({ ...module, configs: [...new Set([...module.configs, ...above])] }));
  }

  /** Sources of build programs that the makefile of `folder` names. */
  async programsIn(folder: string): Promise<string[]> {
    return (await this.rulesOf(folder)).programs;
  }

  /** The modules that `source` is part of: its own folder's makefile and those of the folders above are asked. */
  async modulesOf(source: string): Promise<Module[]> {
    for (const folder of foldersAbove(source)) {
      const found = (await this.modulesIn(folder)).filter(({ sources }) => sources.includes(source));
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The folders in which the headers of a folder's sources are looked for beside it: `-I` in its makefile and those above. One list for a folder. */
  includePathsOf(folder: string): Promise<readonly string[]> {
    let paths = this.includePaths.get(folder);
    if (!paths) this.includePaths.set(folder, (paths = this.readIncludePaths(folder)));
    return paths;
  }

  private async readIncludePaths(below: string): Promise<readonly string[]> {
    const paths: string[] = [];
    let isNearest = true;
    for (const folder of foldersAbove(`${below}/`)) {
      const { includes, modules, folders } = await this.rulesOf(folder);
      if (isNearest) paths.push(...includes.here);
      isNearest &&= modules.length === 0 && folders.size === 0;
      paths.push(...includes.below);
    }
    return [...new Set(paths)];
  }

  /** The symbols under which the makefiles above lead to `folder`, the nearest first. */
  private async configsOf(folder: string): Promise<string[]> {
    const configs: string[] = [];
    let at = folder;
    for (const parent of foldersAbove(folder)) {
      const way = (await this.rulesOf(parent)).folders.get(at);
      if (!way) continue;
      configs.push(...way);
      at = parent;
    }
    return configs;
  }

  private rulesOf(folder: string): Promise<FolderRules> {
    let rules = this.rules.get(folder);
    if (!rules) this.rules.set(folder, (rules = this.readRules(folder)));
    return rules;
  }

  private async readRules(folder: string): Promise<FolderRules> {
    const at = (name: string) => (folder === '' ? name : `${folder}/${name}`);
    let path = at('Kbuild');
    let text = await this.read(path);
    if (text === undefined) text = await this.read((path = at('Makefile')));
    if (text === undefined) return { modules: [], folders: new Map(), programs: [], includes: { here: [], below: [] } };
    const variables = await readMakefile(path, text, this.read);
    const modules = new Map<string, Module>();
    const folders = new Map<string, string[]>();
    for (const word of [...(variables.get('obj-y') ?? []), ...(variables.get('lib-y') ?? [])]) {
      const place = inFolder(folder, word.text);
      if (word.text.endsWith('/')) addConfig(folders, place, word.config);
      else if (word.text.endsWith('.o')) await this.addModule(modules, variables, folder, word);
    }
    await this.addLeftOver(modules, variables, folder);
    for (const word of variables.get('subdir-y') ?? []) addConfig(folders, inFolder(folder, word.text), word.config);
    const programs = ['hostprogs', 'hostprogs-y', 'hostprogs-always-y', 'userprogs'].flatMap((name) =>
      (variables.get(name) ?? []).map(({ text: program }) => inFolder(folder, `${program}.c`)),
    );
    const includes = { here: includePaths(variables.get('ccflags-y')), below: includePaths(variables.get('subdir-ccflags-y')) };
    return { modules: [...modules.values()].filter(({ sources }) => sources.length > 0), folders, programs, includes };
  }

  private async addModule(modules: Map<string, Module>, variables: Variables, folder: string, word: Word): Promise<void> {
    const name = word.text.slice(0, -2);
    const known = modules.get(name);
    if (known) {
      if (word.config === null) known.always = true;
      else if (!known.configs.includes(word.config)) known.configs.push(word.config);
      return;
    }
    const sources = new Set<string>();
    await this.addSources(sources, variables, folder, name, new Set());
    modules.set(name, {
      name: name.slice(name.lastIndexOf('/') + 1),
      folder,
      configs: word.config === null ? [] : [word.config],
      sources: [...sources],
      always: word.config === null,
    });
  }

  /**
   * Objects in a list under symbols that belongs to no object: makefiles with many like modules make the rules out of such lists
   * (`$(eval …)`, as in drivers/platform/x86/intel), so each is a module of its own.
   */
  private async addLeftOver(modules: Map<string, Module>, variables: Variables, folder: string): Promise<void> {
    const owned = new Set([...modules.values()].flatMap(({ sources }) => sources));
    for (const [name, words] of variables) {
      if (!/-target-y$/.test(name)) continue;
      for (const word of words)
        if (word.text.endsWith('.o') && word.config !== null && !owned.has(inFolder(folder, `${word.text.slice(0, -2)}.c`)))
          await this.addModule(modules, variables, folder, word);
    }
  }

  /** A composite object's parts are in `NAME-objs` and `NAME-y`; any other object is the source of its name. */
  private async addSources(
    sources: Set<string>,
    variables: Variables,
    folder: string,
    name: string,
    seen: Set<string>,
  ): Promise<void> {
    if (seen.has(name)) return;
    seen.add(name);
    const parts = [...(variables.get(`${name}-objs`) ?? []), ...(variables.get(`${name}-y`) ?? [])].filter(({ text }) =>
      text.endsWith('.o'),
    );
    if (parts.length > 0) {
      for (const { text } of parts) await this.addSources(sources, variables, folder, text.slice(0, -2), seen);
      return;
    }
    const source = inFolder(folder, `${name}.c`);
    if (await this.exists(source)) sources.add(source);
  }
}

/** A word of a makefile in `folder` as a path from the root; `$(src)/x.o` is one already. */
const inFolder = (folder: string, word: string): string =>
  normalise(folder !== '' && (word === folder || word.startsWith(`${folder}/`)) ? word : `${folder}/${word}`);

/** The paths of `-Ipath` and `-I path` among a compiler's options, from the root of the tree. */
function includePaths(words: readonly Word[] = []): string[] {
  const paths: string[] = [];
  words.forEach(({ text }, i) => {
    if (text.startsWith('-I') && text.length > 2) paths.push(normalise(text.slice(2)));
    else if (i > 0 && words[i - 1]!.text === '-I') paths.push(normalise(text));
  });
  return paths;
}

function addConfig(folders: Map<string, string[]>, folder: string, config: string | null): void {
  const known = folders.get(folder) ?? [];
  if (config !== null && !known.includes(config)) known.push(config);
  folders.set(folder, known);
}

/** `a/b/c.c` → `a/b`, `a`, ``. */
export function* foldersAbove(path: string): Generator<string> {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end);
  if (path !== '') yield '';
}
