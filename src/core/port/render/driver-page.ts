import type { Analysis } from '../../analysis';
import { bestItem, itemName, STATUS_TEXT } from '../../ide';
import { lineIndex } from '../../syntax';
import type { CatalogueEntry, KernelIdentity, Status } from '../../catalogue';
import { lifecycleOf, type LifecyclePlace } from '../lifecycle';
import type { DriverReport } from '../model';
import { architectureText } from '../score';
import { actionsOf, escapeHtml as html, OFFLINE, type PageHost } from './page';
import { covered, obstacles, partsOf } from './text';

/** What a page on one driver is made of. */
export interface DriverPage {
  driver: DriverReport;
  kernel: KernelIdentity;
  /** The driver's files as far as they were read; `path` as in the report. */
  files: { path: string; analysis: Analysis }[];
}

/** The page on one driver: score, order of work, lifecycle, names, findings, entry points. One self-contained HTML document. */
export function driverHtml(page: DriverPage, host: PageHost = OFFLINE): string {
  const { driver, kernel } = page;
  const nonce = host.nonce === '' ? '' : ` nonce="${host.nonce}"`;
  const place = placesFor(host);
  const sections = [
    scoreSection(driver),
    workSection(driver),
    lifecycleSection(page, place),
    namesSection(page, place),
    findingsSection(page, place),
    entrySection(page, place),
  ].filter(({ body }) => body !== '');
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${html(host.policy)}">
<title>${html(driver.name)}: Rust port</title><style${nonce}>${STYLE}</style></head><body><main>
<header><h1>${html(driver.name)}</h1><p class="score"><b>${driver.score}</b> of 100</p></header>
<p>${html(factsOf(driver, kernel))}</p>
${actionsOf(host)}<nav aria-label="Sections">${sections.map(({ id, title }) => `<a href="#${id}">${html(title)}</a>`).join('')}</nav>
${sections.map(({ id, title, body }) => `<section aria-labelledby="${id}"><h2 id="${id}" tabindex="-1">${html(title)}</h2>${body}</section>`).join('\n')}
</main>${host.script === undefined ? '' : `<script${nonce}>${host.script}</script>`}</body></html>
`;
}

interface Section {
  id: string;
  title: string;
  body: string;
}

/** How a place in a file, or a Rust item, is written: a button where something can be done with it. */
interface Places {
  c: (path: string, line: number, label: string) => string;
  rust: (entry: Pick<CatalogueEntry, 'rust'>) => string;
}

function placesFor(host: PageHost): Places {
  const live = host.script !== undefined;
  const rustName = (entry: Pick<CatalogueEntry, 'rust'>): string => {
    const best = bestItem(entry as CatalogueEntry);
    return best ? itemName(best) : '';
  };
  return {
    c: (path, line, label) =>
      live ? `<button class="link" data-file="${html(path)}" data-line="${line}">${html(label)}</button>` : html(label),
    rust: (entry) => {
      const best = bestItem(entry as CatalogueEntry);
      if (!best) return '';
      return live
        ? `<button class="link" data-rust="${html(best.path)}">${html(rustName(entry))}</button>`
        : `<code>${html(rustName(entry))}</code>`;
    },
  };
}

function factsOf(driver: DriverReport, { version, source }: KernelIdentity): string {
  const facts = [
    driver.kind,
    driver.kconfig,
    driver.buses.length > 0 ? `registers with ${driver.buses.join(', ')}` : null,
    `${driver.lines} lines in ${driver.files.length === 1 ? driver.path : `${driver.files.length} files`}`,
    architectureText(driver) ?? null,
    driver.maintainers ? `maintained as ${driver.maintainers.entry} (${driver.maintainers.status})` : null,
    `Linux ${version}${source === 'tree' ? ', from its tree' : ''}`,
    `a candidate by r4l rewrite: ${driver.rewrite}`,
  ];
  return `${facts.filter((fact) => fact !== null).join(' · ')}.`;
}

function scoreSection(driver: DriverReport): Section {
  const rows = partsOf(driver).map(({ title, part }) => {
    const known = part.points !== null;
    const meter = known
      ? `<meter min="0" max="${part.max}" value="${part.points}" aria-label="${html(title)}"></meter>`
      : '<span class="quiet">not known</span>';
    return `<tr><th scope="row">${html(title)}</th><td class="n">${known ? `${part.points} of ${part.max}` : ''}</td><td>${meter}</td><td>${html(part.text)}</td></tr>`;
  });
  return { id: 'score', title: 'Score', body: table(['part', 'points', '', 'from'], rows) };
}

function workSection(driver: DriverReport): Section {
  const missing = obstacles(driver);
  const steps = missing.map(({ group, level, names, after }) => {
    const shown = names.slice(0, 8).map(([name, uses]) => `<code>${html(name)}</code> ${uses}×`);
    const more = names.length > 8 ? ` and ${names.length - 8} more` : '';
    const builds = after.length > 0 ? `; builds on ${after.map(html).join(', ')}` : '';
    return `<li><b>${html(group)}</b> <span class="quiet">(${level})</span>: ${shown.join(', ')}${more}${builds}</li>`;
  });
  const body =
    steps.length === 0
      ? '<p>Nothing that this driver calls is without a Rust side: the port can start with its registration.</p>'
      : `<p>What this kernel lacks for the driver, in the order in which it is needed.</p><ol>${steps.join('')}</ol>`;
  return { id: 'work', title: 'Order of work', body };
}

function lifecycleSection({ files }: DriverPage, place: Places): Section {
  const rows = files.flatMap(({ path, analysis }) =>
    lifecycleOf(analysis).map((one) => {
      const at = ({ name, function: fn, line }: LifecyclePlace): string => place.c(path, line + 1, `${name} in ${fn}()`);
      const released =
        one.released === 'device'
          ? 'by the device, when it is unbound'
          : one.released === 'not here'
            ? '<span class="quiet">not in this file</span>'
            : one.releases.map(at).join('<br>');
      const owner = one.owner ? place.rust({ rust: [one.owner] }) : `<span class="quiet">${STATUS_TEXT[one.status]}</span>`;
      return `<tr><td>${at(one)}</td><td>${one.held === '' ? '' : `<code>${html(one.held)}</code>`}</td><td>${released}</td><td>${owner}</td></tr>`;
    }),
  );
  const body =
    rows.length === 0
      ? ''
      : `<p>What the driver acquires on its way into operation. In Rust each is a value whose owner gives it back when it is dropped.</p>${table(['acquired', 'kept in', 'given back', 'owner in Rust'], rows)}`;
  return { id: 'lifecycle', title: 'Lifecycle', body };
}

const ORDER: readonly Status[] = ['none', 'raw', 'partial', 'safe'];

function namesSection({ files, driver }: DriverPage, place: Places): Section {
  const names = new Map<string, { entry: CatalogueEntry; uses: number; path: string; line: number }>();
  for (const { path, analysis } of files)
    analysis.model.apis.forEach(({ name, kind, start }, i) => {
      if (kind === 'header') return;
      const known = names.get(`${kind} ${name}`);
      if (known) known.uses++;
      else {
        const line = lineIndex(analysis.tree.lineStarts, start) + 1;
        names.set(`${kind} ${name}`, { entry: analysis.apis[i]!, uses: 1, path, line });
      }
    });
  // What no header of the tree declares is the driver's own, or its subsystem's: the report has left it out.
  const lacking = new Set(driver.missing);
  const shown = [...names.values()].filter(
    ({ entry }) => entry.status === 'safe' || entry.status === 'partial' || lacking.has(entry.name),
  );
  shown.sort(
    (a, b) =>
      ORDER.indexOf(a.entry.status) - ORDER.indexOf(b.entry.status) || b.uses - a.uses || (a.entry.name < b.entry.name ? -1 : 1),
  );
  const rows = shown.map(
    ({ entry, uses, path, line }) =>
      `<tr><td>${place.c(path, line, entry.name)}</td><td class="n">${uses}</td><td><span class="state ${entry.status}">${STATUS_TEXT[entry.status]}</span></td><td>${place.rust(entry)}</td><td>${html(entry.note)}</td></tr>`,
  );
  const share = covered(driver);
  const summary = share === null ? '' : `<p>${share} % of the names have a safe or partial abstraction.</p>`;
  return {
    id: 'names',
    title: 'Kernel names',
    body: rows.length === 0 ? '' : `${summary}${table(['name', 'uses', 'state', 'in Rust', 'note'], rows)}`,
  };
}

function findingsSection({ files }: DriverPage, place: Places): Section {
  const rows = files.flatMap(({ path, analysis }) =>
    analysis.findings
      .filter(({ suppressed }) => suppressed === undefined)
      .map((finding) => {
        const line = lineIndex(analysis.tree.lineStarts, finding.start) + 1;
        return {
          suspect: finding.kind === 'suspect',
          row: `<tr><td>${place.c(path, line, `line ${line}`)}</td><td>${finding.kind}</td><td>${html(finding.message)}</td><td>${html(finding.cwe)}</td><td>${html(`${finding.rust.verdict.replace('-', ' ')}: ${finding.rust.mechanism}`)}</td></tr>`,
        };
      }),
  );
  const sorted = [...rows.filter(({ suspect }) => suspect), ...rows.filter(({ suspect }) => !suspect)].map(({ row }) => row);
  return {
    id: 'findings',
    title: 'What Rust would check',
    body: sorted.length === 0 ? '' : table(['place', 'kind', 'finding', 'CWE', 'in Rust'], sorted),
  };
}

function entrySection({ files }: DriverPage, place: Places): Section {
  const rows = files.flatMap(({ path, analysis }) =>
    analysis.model.entryPoints
      .map((point, i) => ({ point, entry: analysis.entryPoints[i]! }))
      .filter(({ point }) => point.kind !== 'export')
      .map(({ point, entry }) => {
        const line = lineIndex(analysis.tree.lineStarts, point.start) + 1;
        const hung = point.field === null ? point.container : `${point.container}.${point.field}`;
        return `<tr><td>${place.c(path, line, point.function ?? point.name)}</td><td>${html(hung)}</td><td><span class="state ${entry.status}">${STATUS_TEXT[entry.status]}</span></td><td>${place.rust(entry)}</td></tr>`;
      }),
  );
  return {
    id: 'entries',
    title: 'Entry points',
    body: rows.length === 0 ? '' : table(['function', 'hangs on', 'state', 'in Rust'], rows),
  };
}

const NUMBERS = new Set(['points', 'uses']);

const table = (heads: readonly string[], rows: readonly string[]): string =>
  `<div class="scroll" tabindex="0"><table><thead><tr>${heads.map((head) => `<th scope="col"${NUMBERS.has(head) ? ' class="n"' : ''}>${html(head)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;

/** Follows the system's colours, or those of VS Code where it has them. */
const STYLE = `
:root { color-scheme: light dark; --line: var(--vscode-panel-border, color-mix(in srgb, currentColor 25%, transparent)); }
body { font: var(--vscode-font-size, 14px)/1.5 var(--vscode-font-family, system-ui, sans-serif); color: var(--vscode-foreground, CanvasText); background: var(--vscode-editor-background, Canvas); margin: 0; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
header { display: flex; align-items: baseline; gap: 1.5rem; } h1 { margin: 0; } .score b { font-size: 2rem; } .score { margin: 0; }
h2 { margin: 2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); font-size: 1.15rem; }
nav { display: flex; flex-wrap: wrap; gap: 1rem; } a, .link { color: var(--vscode-textLink-foreground, LinkText); }
table { border-collapse: collapse; width: 100%; } .scroll { overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); } thead th { font-weight: 600; white-space: nowrap; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } .quiet { opacity: .75; }
code, .link { font-family: var(--vscode-editor-font-family, ui-monospace, monospace); font-size: .95em; }
button { font: inherit; cursor: pointer; } .link { background: none; border: 0; padding: 0; text-align: left; } .link:hover { text-decoration: underline; }
.actions button { margin-right: .6rem; padding: .3rem .8rem; border: 0; border-radius: 2px; color: var(--vscode-button-foreground, ButtonText); background: var(--vscode-button-background, ButtonFace); }
:focus-visible { outline: 1px solid var(--vscode-focusBorder, Highlight); outline-offset: 2px; }
.state { white-space: nowrap; } .state::before { content: ''; display: inline-block; width: .7em; height: .7em; border-radius: 50%; margin-right: .4em; border: 1px solid currentColor; box-sizing: border-box; }
.safe::before { background: var(--vscode-charts-green, #388a34); } .partial::before { background: var(--vscode-charts-yellow, #b89500); } .raw::before { background: var(--vscode-charts-orange, #d18616); }
meter { width: 8rem; } td:last-child { min-width: 18rem; }
`;
