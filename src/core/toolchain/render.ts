import { codeSpan, escapeMarkdown } from '../ide/markdown';
import { compareVersions } from '../kernel-version';
import { makeIn } from './build-folder';
import { isReady, type Blocker, type Readiness, type ToolState } from './readiness';

/** What is to be done next, in order; empty if nothing is. */
export function nextSteps(readiness: Readiness): string[] {
  const { supported, version, tools, rust, blockers, prompt, check, build } = readiness;
  const make = makeIn(build);
  if (!supported)
    return [`Linux ${version ?? ''} has no Rust support in this tree: take a tree of 6.1 or newer.`.replace('  ', ' ')];
  const steps: string[] = [];
  for (const tool of tools)
    if (tool.state === 'fails') steps.push(`See why ${tool.tool} fails: ${tool.problem}`);
    else if (isWanting(tool)) steps.push(installStep(tool));
  const toolsReady = tools.every(({ state }) => state === 'ok' || state === 'newer');
  if (rust === 'no .config')
    steps.push(`Configure the kernel: \`${make} defconfig\`, or a .config of yours with \`${make} olddefconfig\`.`);
  const own = blockers.filter((blocker) => !isToolchain(blocker));
  for (const { because, unknown, text } of own)
    steps.push(
      unknown
        ? `See whether \`${text}\` holds: it is not evaluated here.`
        : `Change ${because.map(({ symbol, value }) => `CONFIG_${symbol} (now ${value})`).join(' or ')}, so that \`${text}\` holds.`,
    );
  if (blockers.some(isToolchain) && toolsReady)
    steps.push(`Run \`${make} olddefconfig\`: the .config was made when the toolchain was not there, or was another one.`);
  if (rust === 'n')
    steps.push(`Set CONFIG_RUST${prompt === '' ? '' : ` ("${prompt}" in General setup)`} with \`${make} menuconfig\`.`);
  if (steps.length > 0 || !toolsReady) steps.push(`Let the kernel check it: \`${check}\`.`);
  return steps;
}

const isWanting = ({ state }: ToolState): boolean => state === 'missing' || state === 'too old' || state === 'fails';

function installStep({ tool, needed, exact }: ToolState): string {
  const version = needed === null ? '' : ` ${needed}${exact ? '' : ' or newer'}`;
  switch (tool) {
    case 'rustc':
      return `Install rustc${version}: with rustup, or the package of your distribution.`;
    case 'bindgen': {
      // The command was part of the library's crate before 0.61.
      const crate = needed !== null && compareVersions(needed, '0.61') < 0 ? 'bindgen' : 'bindgen-cli';
      const which = exact ? ` --version ${needed!}` : '';
      return `Install bindgen${version}: \`cargo install --locked${which} ${crate}\`, or the package of your distribution.`;
    }
    case 'libclang':
      return `Install libclang${version} where bindgen finds it (LIBCLANG_PATH): a package of your distribution.`;
    case 'core sources':
      return 'Install the sources of core: `rustup component add rust-src`, or the package rust-src of your distribution.';
  }
}

/** Whether it is the check of the toolchain that stands in the way. */
const isToolchain = ({ because }: Blocker): boolean =>
  because.length > 0 && because.every(({ symbol }) => symbol === 'RUST_IS_AVAILABLE' || symbol === 'RUSTC_VERSION');

/** The state in one line. */
export function readinessSummary(readiness: Readiness): string {
  const { version, supported, tools, rust, blockers } = readiness;
  const kernel = `Linux ${version ?? 'of unknown version'}`;
  if (!supported) return `${kernel}: no Rust support in this tree`;
  if (isReady(readiness)) return `${kernel}: ready to be built with Rust`;
  const parts: string[] = [];
  const bad = tools.filter(isWanting);
  if (bad.length > 0) parts.push(bad.map(({ tool, state }) => `${tool} ${state}`).join(', '));
  if (tools.every(({ state }) => state === 'not looked for')) parts.push('tools not looked for');
  if (rust === 'no .config') parts.push('no .config');
  if (rust === 'n')
    parts.push(
      blockers.length > 0 ? `CONFIG_RUST blocked by ${blockers.map(({ text }) => text).join('; ')}` : 'CONFIG_RUST not set',
    );
  return `${kernel}: ${parts.length > 0 ? parts.join(' · ') : 'CONFIG_RUST is set'}`;
}

const STATE_ICON: Record<ToolState['state'], string> = {
  ok: '✓',
  newer: '✓',
  'too old': '✗',
  missing: '✗',
  fails: '✗',
  'not looked for': '–',
};

const noteOf = ({ state, needed, problem }: ToolState): string =>
  state === 'newer' ? `newer than ${needed!}: may or may not work` : state === 'fails' ? `fails: ${problem}` : state;

/** The whole as text for a terminal. */
export function readinessText(readiness: Readiness): string {
  const lines = [readinessSummary(readiness), `architecture: ${readiness.arch}`, ''];
  for (const tool of readiness.tools)
    lines.push(
      `${STATE_ICON[tool.state]} ${tool.tool.padEnd(13)}needed ${(tool.needed ?? '–').padEnd(9)}found ${(tool.found ?? '–').padEnd(9)}${noteOf(tool)}`,
    );
  lines.push('', `CONFIG_RUST: ${readiness.rust}${configPlace(readiness)}`);
  for (const blocker of readiness.blockers) lines.push(`✗ ${blocker.text} (${blocker.file}:${blocker.line})${reasonOf(blocker)}`);
  const steps = nextSteps(readiness);
  if (steps.length > 0) lines.push('', 'To do:', ...steps.map((step, i) => `${i + 1}. ${step.replace(/`/g, '')}`));
  return `${lines.join('\n')}\n`;
}

/** Where the .config is, if not in the tree itself. */
export const configPlace = ({ build }: Readiness): string => (build === '' ? '' : ` in ${build}`);

const reasonOf = ({ because, unknown }: Blocker): string =>
  unknown ? ': not evaluated here' : `: ${because.map(({ symbol, value }) => `${symbol} is ${value}`).join(', ')}`;

/** The whole as a Markdown document. */
export function readinessMarkdown(readiness: Readiness): string {
  const lines = [
    '# Rust toolchain readiness',
    '',
    escapeMarkdown(readinessSummary(readiness)),
    '',
    `Architecture: ${codeSpan(readiness.arch)}`,
    '',
  ];
  lines.push('| Tool | Needed | Found | |', '|---|---|---|---|');
  for (const tool of readiness.tools)
    lines.push(
      `| ${tool.tool} | ${tool.needed ?? '–'} | ${escapeMarkdown(tool.found ?? '–')} | ${STATE_ICON[tool.state]} ${escapeMarkdown(noteOf(tool))} |`,
    );
  lines.push('', `CONFIG\\_RUST: **${readiness.rust}**${escapeMarkdown(configPlace(readiness))}`, '');
  for (const blocker of readiness.blockers)
    lines.push(
      `- ${codeSpan(blocker.text)} does not hold (${codeSpan(`${blocker.file}:${blocker.line}`)})${escapeMarkdown(reasonOf(blocker))}`,
    );
  const steps = nextSteps(readiness);
  if (steps.length > 0) lines.push('', '## What to do', '', ...steps.map((step, i) => `${i + 1}. ${step}`));
  lines.push(
    '',
    'What the tree asks for stands in its `scripts/min-tool-version.sh` and `init/Kconfig`; its own guide is `Documentation/rust/quick-start.rst`.',
  );
  return `${lines.join('\n')}\n`;
}
