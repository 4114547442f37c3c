import type { TreeReader } from '../catalogue';

/** Where a kernel is built (`make O=`), if that is not the tree itself: its .config lies there. */
export interface BuildFolder {
  /** As `make O=` takes it when it is run in the tree; empty for the tree itself. */
  path: string;
  /** The text of its .config; undefined if there is none. */
  config: string | undefined;
}

/**
 * The folder in which a tree is built: the one that was stated; else the tree itself, if it is configured; else the only folder at the tree's top
 * with a .config. Of several none is taken: which one is meant is not to be guessed.
 */
export async function buildFolderOf(reader: TreeReader, stated?: BuildFolder): Promise<BuildFolder> {
  if (stated) return stated;
  const own: BuildFolder = { path: '', config: await reader.read('.config') };
  if (own.config !== undefined) return own;
  const names = (await reader.list('')).filter(({ name }) => !name.includes('.')).map(({ name }) => name);
  const below = await Promise.all(
    names.map(async (name): Promise<BuildFolder> => ({ path: name, config: await reader.read(`${name}/.config`) })),
  );
  const configured = below.filter(({ config }) => config !== undefined);
  return configured.length === 1 ? configured[0]! : own;
}

/** `make`, with `O=` for a build folder beside the tree, as a shell takes it. */
export const makeIn = (build: string): string => (build === '' ? 'make' : `make O=${shellWord(build)}`);

const shellWord = (text: string): string => (/^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`);
