import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CONFIGURATION_FILE, EMPTY_CONFIGURATION, readConfiguration, type Configuration } from '../core';
import { treeAround } from './kernels';

/** What is in force for a file. */
export interface Place {
  /** The folder that paths in reports, baselines and configurations are relative to; absolute. */
  root: string;
  configuration: Configuration;
}

/** Finds the root of the tree that holds a file, and the configuration that is checked in there. Each folder is looked at once. */
export class TreeConfigurations {
  readonly #configured = new Map<string, Promise<Place | undefined>>();
  readonly #roots = new Map<string, Promise<Place>>();

  /**
   * @param warn told of what a configuration says that is not understood: a line with file and line number
   * @param enabled whether configurations are read at all
   */
  constructor(
    private readonly warn: (message: string) => void,
    private readonly enabled = true,
  ) {}

  /**
   * What is in force for a file: the root is the nearest folder with a `.r4l.yaml`, else the top of the kernel tree or git checkout around
   * it, else the working folder.
   */
  async placeOf(path: string): Promise<Place> {
    const folder = dirname(resolve(path));
    return (await this.#configuredAt(folder)) ?? (await this.#rootOf(folder));
  }

  /** The same for what a command is given: a file, or a folder, which is asked for itself. */
  async placeOfInput(path: string): Promise<Place> {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return this.placeOf(isFolder ? join(path, CONFIGURATION_FILE) : path);
  }

  #configuredAt(folder: string): Promise<Place | undefined> {
    const known = this.#configured.get(folder);
    if (known) return known;
    const look = async () => {
      const text = await readFile(join(folder, CONFIGURATION_FILE), 'utf8').catch(() => undefined);
      if (text !== undefined) return { root: folder, configuration: await this.#read(folder, text) };
      return dirname(folder) === folder ? undefined : this.#configuredAt(dirname(folder));
    };
    const found = look();
    this.#configured.set(folder, found);
    return found;
  }

  #rootOf(folder: string): Promise<Place> {
    const known = this.#roots.get(folder);
    if (known) return known;
    const look = async () => {
      const root = (await treeAround(folder)) ?? (await checkoutAround(folder)) ?? process.cwd();
      return { root, configuration: EMPTY_CONFIGURATION };
    };
    const found = look();
    this.#roots.set(folder, found);
    return found;
  }

  async #read(folder: string, text: string): Promise<Configuration> {
    if (!this.enabled) return EMPTY_CONFIGURATION;
    const { configuration, problems } = await readConfiguration(text);
    const file = join(folder, CONFIGURATION_FILE);
    for (const { line, message } of problems) this.warn(`${file}:${line}: ${message}`);
    return configuration;
  }
}

async function checkoutAround(path: string): Promise<string | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (await stat(join(folder, '.git')).catch(() => undefined)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
