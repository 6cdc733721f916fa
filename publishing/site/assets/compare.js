// Two to five clusters side by side. The choice stands in the address: #JP-1850147,US-5391959.
(() => {
  'use strict';
  /** @typedef {{id: string, name: string, economy: string, rank: number, file: string, facts: string[], fields: number[], shares: string[]}} Compared */
  /** @typedef {{facts: [string, string][], fields: string[], clusters: Compared[]}} Comparison */
  const data = /** @type {Window & {STCLUSTERS_COMPARE: Comparison}} */ (/** @type {unknown} */ (window)).STCLUSTERS_COMPARE;
  const MOST = 5;
  const LARGEST = 8;
  const SVG = 'http://www.w3.org/2000/svg';
  const add = /** @type {HTMLSelectElement} */ (document.getElementById('add'));
  const result = /** @type {HTMLElement} */ (document.getElementById('result'));
  const said = /** @type {HTMLElement} */ (document.getElementById('said'));
  const byId = new Map(data.clusters.map((one) => [one.id, one]));
  /** @type {Compared[]} */
  let chosen = [];

  /** @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag @param {string} text @param {string} name
   * @returns {HTMLElementTagNameMap[T]} */
  function make(tag, text = '', name = '') {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  }

  /** @param {number} value @param {number} largest */
  function bar(value, largest) {
    const svg = document.createElementNS(SVG, 'svg');
    const rect = document.createElementNS(SVG, 'rect');
    const given = { class: 'meter', width: '90', height: '10', viewBox: '0 0 90 10', 'aria-hidden': 'true' };
    for (const [name, said] of Object.entries(given)) svg.setAttribute(name, said);
    rect.setAttribute('class', 'pct');
    rect.setAttribute('width', (largest > 0 ? (value / largest) * 90 : 0).toFixed(1));
    rect.setAttribute('height', '10');
    svg.appendChild(rect);
    return svg;
  }

  function head() {
    const row = make('tr');
    row.appendChild(make('td'));
    for (const one of chosen) {
      const cell = make('th', '', 'who-compared');
      cell.scope = 'col';
      const link = make('a');
      link.href = one.file;
      link.appendChild(make('bdi', one.name));
      const remove = make('button', said.dataset.remove);
      remove.type = 'button';
      remove.setAttribute('aria-label', (said.dataset.removeOne ?? '').replace('{name}', one.name));
      remove.addEventListener('click', () => {
        chosen = chosen.filter((other) => other !== one);
        show();
        add.focus();
      });
      cell.append(link, make('small', one.economy), remove);
      row.appendChild(cell);
    }
    const part = make('thead');
    part.appendChild(row);
    return part;
  }

  /** A row whose heading leads to what the figures mean.
   * @param {string} name @param {string} column @param {(one: Compared) => HTMLElement} fill @param {string} group */
  function line(name, column, fill, group = '') {
    const row = make('tr', '', group);
    const title = make('th');
    title.scope = 'row';
    const means = make('a', name, 'def');
    means.href = `data.html#${column}`;
    title.appendChild(means);
    row.append(title, ...chosen.map(fill));
    return row;
  }

  /** The fields that are among the first eight of any chosen cluster, the largest first. */
  function wanted() {
    const largest = data.fields.map((_, at) => Math.max(...chosen.map((one) => one.fields[at])));
    const found = new Set(chosen.flatMap((one) => {
      const order = one.fields.map((_, at) => at).sort((a, b) => one.fields[b] - one.fields[a] || a - b);
      return order.slice(0, LARGEST).filter((at) => one.fields[at] > 0);
    }));
    const order = [...found].sort((a, b) => largest[b] - largest[a] || a - b);
    return { order, top: largest[order[0]] ?? 0 };
  }

  function show() {
    result.textContent = '';
    history.replaceState(null, '', `#${chosen.map((one) => encodeURIComponent(one.id)).join(',')}`);
    said.textContent = chosen.length < 2 ? said.dataset.few ?? '' : (said.dataset.many ?? '').replace('{number}', String(chosen.length));
    for (const option of add.options) option.disabled = chosen.some((one) => one.id === option.value);
    add.disabled = chosen.length >= MOST;
    add.value = '';
    if (!chosen.length) return;
    const body = make('tbody');
    data.facts.forEach(([name, column], at) => body.appendChild(line(name, `ranking.${column}`, (one) => make('td', one.facts[at]))));
    const { order, top } = wanted();
    order.forEach((at, place) => body.appendChild(line(`${data.fields[at]}, %`, 'cluster_fields.share', (one) => {
      const cell = make('td', '', 'barred');
      cell.append(bar(one.fields[at], top), make('span', one.shares[at]));
      return cell;
    }, place === 0 ? 'first' : '')));
    const table = make('table', '', 'compared');
    table.append(head(), body);
    result.appendChild(table);
  }

  function restore() {
    const ids = [...new Set(location.hash.slice(1).split(',').map(decodeURIComponent))];
    const known = ids.map((id) => byId.get(id)).filter((one) => one !== undefined).slice(0, MOST);
    chosen = known.length ? known : data.clusters.slice(0, 2);
    show();
  }

  add.addEventListener('change', () => {
    const one = byId.get(add.value);
    if (!one || chosen.length >= MOST) return;
    chosen.push(one);
    show();
    add.focus();
  });
  window.addEventListener('hashchange', restore);
  /** @type {HTMLElement} */ (document.getElementById('controls')).hidden = false;
  restore();
})();
