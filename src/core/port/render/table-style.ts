/** The style of the table page: follows the system's colours, or those of VS Code where it has them. */
export const TABLE_STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --back: #fff; --band: #f6f8fa; --mark: #0969da; --bar: #2da44e; --half: #bf8700; --lack: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --line: #3d444d; --back: #0d1117; --band: #151b23; --mark: #4493f8; --bar: #3fb950; --half: #d29922; --lack: #f85149; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; font: 14px/1.45 system-ui, sans-serif; color: var(--vscode-foreground, var(--text)); background: var(--vscode-editor-background, var(--back)); }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 1rem 0 .5rem; }
p { margin: .25rem 0 .75rem; color: var(--soft); }
.tools { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin-bottom: .5rem; }
label { display: grid; gap: .15rem; font-size: .85rem; color: var(--soft); }
input, select { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 4px; padding: .25rem .5rem; min-width: 9rem; }
select option { color: #1f2328; background: #fff; }
#filter { min-width: 18rem; }
.frame { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
#table { height: min(60vh, 40rem); overflow: auto; position: relative; }
#head { position: sticky; top: 0; z-index: 1; background: var(--vscode-editor-background, var(--band)); border-bottom: 1px solid var(--line); }
#space { position: relative; } #body { position: absolute; inset: 0; }
.row { display: grid; grid-template-columns: var(--columns); height: 28px; align-items: center; min-width: 72rem; }
#body .row { position: absolute; left: 0; right: 0; border-bottom: 1px solid color-mix(in srgb, var(--line) 50%, transparent); cursor: pointer; }
#body .row:hover, .chosen { background: color-mix(in srgb, var(--mark) 12%, transparent); }
.cell { padding: 0 .5rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#head button { font-weight: 600; width: 100%; }
#body button { color: var(--mark); }
:focus-visible { outline: 2px solid var(--mark); outline-offset: -2px; }
[aria-sort=ascending] button::after { content: ' ▲'; } [aria-sort=descending] button::after { content: ' ▼'; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.bars { border-collapse: collapse; width: 100%; } .bars td, .bars th { padding: .15rem .5rem; text-align: left; font-weight: normal; border-bottom: 1px solid color-mix(in srgb, var(--line) 50%, transparent); }
.bars th[scope=col] { color: var(--soft); } .bars .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { display: flex; height: .8rem; min-width: 12rem; border-radius: 3px; overflow: hidden; } .bar i { display: block; }
.safe { background: var(--bar); } .partial { background: var(--half); } .raw { background: color-mix(in srgb, var(--lack) 45%, transparent); } .none { background: var(--lack); }
@media print { #table { height: auto; overflow: visible; } }
`;
