/** How the core reads a kernel tree; paths are relative to the tree, with `/`. The host gives one over its file system. */
export interface TreeReader {
  /** Text of a file, or undefined if there is none. */
  read(path: string): Promise<string | undefined>;
  /** What is in a folder; empty if there is none. */
  list(dir: string): Promise<{ name: string; directory: boolean }[]>;
}

/** All files under `dir` whose name ends in `suffix`, sorted; folders for which `skip` says so are not entered. */
export async function filesUnder(
  reader: TreeReader,
  dir: string,
  suffix: string,
  skip: (path: string) => boolean = () => false,
): Promise<string[]> {
  const files: string[] = [];
  let level = [dir];
  while (level.length > 0) {
    const listed = await Promise.all(level.map(async (folder) => ({ folder, entries: await reader.list(folder) })));
    level = [];
    for (const { folder, entries } of listed) {
      for (const { name, directory } of entries) {
        const path = `${folder}/${name}`;
        if (directory) {
          if (!skip(path)) level.push(path);
        } else if (name.endsWith(suffix)) files.push(path);
      }
    }
  }
  return files.sort();
}
