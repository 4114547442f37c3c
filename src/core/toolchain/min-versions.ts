/** Tools of which scripts/min-tool-version.sh knows the oldest version that builds the kernel, by its names: `rustc`, `bindgen`, `llvm`. */
export type MinVersions = ReadonlyMap<string, string>;

/**
 * Reads scripts/min-tool-version.sh: a `case` over tools, with an `echo` for each, some of them chosen by comparing a variable.
 * @param variables what the build sets: `SRCARCH`, `ARCH`. One that is left out is empty, as in the shell
 * @returns what the script would print for each tool; empty for a text of another form
 */
export function parseMinVersions(text: string, variables: Readonly<Record<string, string>>): MinVersions {
  const versions = new Map<string, string>();
  let tools: string[] = [];
  /** For each open `if`: whether a branch has been taken, and whether the present one is it. */
  const branches: { taken: boolean; here: boolean }[] = [];
  let inCase = false;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    if (/^case\s+"?\$1"?\s+in$/.test(line)) inCase = true;
    else if (line === 'esac') break;
    else if (!inCase) continue;
    else if (line === ';;') tools = [];
    else if (/^[\w|. -]+\)$/.test(line))
      tools = line
        .slice(0, -1)
        .split('|')
        .map((name) => name.trim());
    else if (/^(?:if|elif)\b/.test(line)) {
      if (line.startsWith('if')) branches.push({ taken: false, here: false });
      const branch = branches.at(-1);
      if (!branch) continue;
      branch.here = !branch.taken && holds(line, variables);
      branch.taken ||= branch.here;
    } else if (line === 'else') {
      const branch = branches.at(-1);
      if (branch) branch.here = !branch.taken;
    } else if (line === 'fi') branches.pop();
    else {
      const version = /^echo\s+"?(\d+(?:\.\d+)+)"?$/.exec(line)?.[1];
      if (version === undefined || !branches.every(({ here }) => here)) continue;
      for (const tool of tools) if (!versions.has(tool)) versions.set(tool, version);
    }
  }
  return versions;
}

/** Whether `if [ "$SRCARCH" = s390 ]; then` is taken; a test of another form is not. */
function holds(line: string, variables: Readonly<Record<string, string>>): boolean {
  const [, name, operator, value] = /\[\s*"?\$\{?(\w+)\}?"?\s*(!?==?)\s*"?([\w.-]*)"?\s*\]/.exec(line) ?? [];
  if (name === undefined) return false;
  return ((variables[name] ?? '') === value) === !operator!.startsWith('!');
}
