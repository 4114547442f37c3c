/** What the page's script is given: short names, since a whole tree's rows are embedded. */
export interface TablePageData {
  /** Whether the page's host can open a driver's file and report. */
  live: boolean;
  columns: { title: string; numeric: boolean; hint: string }[];
  /** A row: the cells in the order of the columns, then what its details show. */
  rows: { cells: (string | number | null)[]; details: [title: string, text: string][] }[];
  /** Columns that a choice narrows down, with their values in order. */
  choices: { column: number; values: string[] }[];
}

/**
 * The page's script: a sortable, filterable table that draws the rows in sight alone. It becomes part of the page as text, so it refers to
 * nothing outside of itself. Elements: #data, #filter, #count, #table (the scroller), #head, #space, #body, #details, select[data-column].
 */
export function runTablePage(): void {
  const ROW = 28;
  const element = (id: string): HTMLElement => document.getElementById(id)!;
  const data = JSON.parse(element('data').textContent) as TablePageData;
  const { rows, columns } = data;
  const scroller = element('table');
  const body = element('body');
  const texts = rows.map(({ cells }) => cells.join('\n').toLowerCase());
  /** All rows as they are sorted; of these, the ones that the filter lets through. */
  const ranked = rows.map((_, i) => i);
  let order = ranked;
  let sorted = { column: 0, down: true };
  let chosen = -1;

  const compare = (a: number, b: number): number => {
    const left = rows[a]!.cells[sorted.column];
    const right = rows[b]!.cells[sorted.column];
    if (left === right) return a - b;
    if (left === null || left === undefined) return 1;
    if (right === null || right === undefined) return -1;
    const before = typeof left === 'number' && typeof right === 'number' ? left - right : String(left) < String(right) ? -1 : 1;
    return sorted.down ? -before : before;
  };

  const draw = (): void => {
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 10);
    const last = Math.min(order.length, first + Math.ceil(scroller.clientHeight / ROW) + 20);
    const drawn = document.createDocumentFragment();
    for (let at = first; at < last; at++) {
      const number = order[at]!;
      const line = document.createElement('div');
      line.className = number === chosen ? 'row chosen' : 'row';
      line.setAttribute('role', 'row');
      line.setAttribute('aria-rowindex', String(at + 2));
      line.dataset.row = String(number);
      line.style.top = `${at * ROW}px`;
      rows[number]!.cells.forEach((value, column) => {
        const cell = document.createElement('div');
        cell.setAttribute('role', 'cell');
        cell.className = columns[column]!.numeric ? 'cell number' : 'cell';
        const text = value === null ? '' : String(value);
        if (column === 1) {
          const open = document.createElement('button');
          open.textContent = text;
          open.setAttribute('aria-expanded', String(number === chosen));
          cell.append(open);
        } else cell.textContent = text;
        if (text.length > 12) cell.title = text;
        line.append(cell);
      });
      drawn.append(line);
    }
    // Drawing replaces the row that has the focus: it goes to the same row again, as long as that is drawn.
    const focused = body.contains(document.activeElement) ? document.activeElement!.closest<HTMLElement>('[data-row]') : null;
    body.replaceChildren(drawn);
    if (focused) body.querySelector<HTMLElement>(`[data-row="${focused.dataset.row}"] button`)?.focus({ preventScroll: true });
  };

  const refresh = (): void => {
    element('space').style.height = `${order.length * ROW}px`;
    scroller.setAttribute('aria-rowcount', String(order.length + 1));
    element('count').textContent = `${order.length} of ${rows.length}`;
    draw();
  };

  const selects = [...document.querySelectorAll<HTMLSelectElement>('select[data-column]')];
  const narrow = (): void => {
    const words = (element('filter') as HTMLInputElement).value.toLowerCase().split(/\s+/).filter(Boolean);
    const narrowed = selects.filter(({ value }) => value !== '').map((one) => [Number(one.dataset.column), one.value] as const);
    order = [];
    for (const i of ranked)
      if (
        words.every((word) => texts[i]!.includes(word)) &&
        narrowed.every(([column, value]) => String(rows[i]!.cells[column]).split(' ').includes(value))
      )
        order.push(i);
    refresh();
  };
  const filter = (): void => {
    scroller.scrollTop = 0;
    narrow();
  };

  const heads = [...element('head').querySelectorAll<HTMLElement>('[role=columnheader]')];
  heads.forEach((head, column) => {
    head.querySelector('button')!.addEventListener('click', () => {
      sorted = { column, down: sorted.column === column ? !sorted.down : columns[column]!.numeric };
      for (const [i, other] of heads.entries())
        other.setAttribute('aria-sort', i !== column ? 'none' : sorted.down ? 'descending' : 'ascending');
      ranked.sort(compare);
      narrow();
    });
  });

  const show = (number: number): void => {
    chosen = chosen === number ? -1 : number;
    const details = element('details');
    details.replaceChildren();
    if (chosen >= 0) {
      const title = document.createElement('h2');
      title.textContent = `${rows[chosen]!.cells[1]}: ${rows[chosen]!.cells[0]} of 100`;
      const list = document.createElement('dl');
      for (const [name, text] of rows[chosen]!.details) {
        const term = document.createElement('dt');
        term.textContent = name;
        const what = document.createElement('dd');
        what.textContent = text;
        list.append(term, what);
      }
      details.append(title);
      if (data.live)
        for (const [label, action] of [
          ['Report on This Driver', 'report'],
          ['Open File', ''],
        ] as const) {
          const button = document.createElement('button');
          button.textContent = label;
          button.dataset.file = String(rows[chosen]!.cells[2]);
          if (action !== '') button.dataset.action = action;
          details.append(button, ' ');
        }
      details.append(list);
    }
    draw();
  };
  body.addEventListener('click', (event) => {
    const line = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    if (line) show(Number(line.dataset.row));
  });
  body.addEventListener('keydown', (event) => {
    const line = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!line || step === 0) return;
    event.preventDefault();
    const at = order.indexOf(Number(line.dataset.row)) + step;
    if (at < 0 || at >= order.length) return;
    if (at * ROW < scroller.scrollTop) scroller.scrollTop = at * ROW;
    else if ((at + 2) * ROW > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = (at + 2) * ROW - scroller.clientHeight;
    draw();
    body.querySelector<HTMLElement>(`[data-row="${order[at]}"] button`)?.focus({ preventScroll: true });
  });
  scroller.addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
  addEventListener('resize', draw);
  element('filter').addEventListener('input', filter);
  for (const select of selects) select.addEventListener('change', filter);
  ranked.sort(compare);
  narrow();
}
