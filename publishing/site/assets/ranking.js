// The ranking table: sort, find, filter, show all. Without this script the page is a complete table of the ranked.
// What is chosen stands in the address (#q=…&economy=…), so that a view can be sent; #JP-1850147 is a cluster's line.
(() => {
  'use strict';
  /** @typedef {{row: HTMLTableRowElement, place: number, below: boolean, text: string, economies: string[], regions: string[], keys: (number | string | null)[]}} Line */
  const table = /** @type {HTMLTableElement} */ (document.getElementById('ranking'));
  const body = table.tBodies[0];
  const head = /** @type {HTMLTableSectionElement} */ (table.tHead);
  const heads = [...head.rows[0].cells];
  const search = /** @type {HTMLInputElement | null} */ (document.getElementById('search'));
  const economy = /** @type {HTMLSelectElement | null} */ (document.getElementById('economy'));
  const region = /** @type {HTMLSelectElement | null} */ (document.getElementById('region'));
  const fields = [search, economy, region].filter((field) => field !== null);
  const shows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-show]')]);
  const count = /** @type {HTMLElement} */ (document.getElementById('count'));
  const empty = /** @type {HTMLElement} */ (document.getElementById('empty'));
  const letters = new Intl.Collator(document.documentElement.lang, { numeric: true });
  let all = shows.length === 0;
  let sorted = { key: 'rank', down: false };

  /** @param {string} text */
  function fold(text) {
    return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/ø/gi, 'o').replace(/ł/gi, 'l').replace(/ß/g, 'ss').replace(/[–—]/g, '-').toLowerCase();
  }

  /** @param {HTMLTableCellElement} cell */
  function keyOf(cell) {
    const value = cell.getAttribute('data-v');
    if (value === null) return (cell.textContent ?? '').trim();
    return value === '' ? null : value === 'new' ? Infinity : Number(value);
  }

  // The keys of a row are read once: sorting a thousand rows must not read the document again.
  /** @type {Line[]} */
  const rows = [...body.rows].map((row, place) => ({
    row,
    place,
    below: row.hasAttribute('data-below'),
    text: fold(row.dataset.search ?? ''),
    economies: (row.dataset.economies ?? '').split(' '),
    regions: (row.dataset.regions ?? '').split('|'),
    keys: [...row.cells].map(keyOf),
  }));

  /** Who looks for a name looks among all clusters, not only among the ranked ones.
   * @param {Line} one @param {string} words */
  function inScope(one, words) {
    return all || words !== '' || !one.below;
  }

  /** @param {Line} one @param {string} words */
  function fits(one, words) {
    const wanted = economy ? economy.value : '';
    const where = region ? region.value : '';
    return (!words || one.text.includes(words)) && (!wanted || one.economies.includes(wanted)) && (!where || one.regions.includes(where)) && inScope(one, words);
  }

  function show() {
    const words = fold(search ? search.value.trim() : '');
    let number = 0;
    for (const one of rows) {
      const seen = fits(one, words);
      one.row.hidden = !seen;
      if (seen) number += 1;
    }
    const of = rows.filter((one) => inScope(one, words)).length;
    const clusters = ((of === 1 ? count.dataset.one : count.dataset.many) ?? '').replace('{number}', String(of));
    count.textContent = number === of ? clusters : (count.dataset.of ?? '').replace('{number}', String(number)).replace('{clusters}', clusters);
    empty.hidden = number > 0;
    for (const button of shows) button.setAttribute('aria-pressed', String((button.dataset.show === 'all') === all));
  }

  /** @param {number | string | null} x @param {number | string | null} y @param {number} turn */
  function compare(x, y, turn) {
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (x === y) return 0;
    return turn * (typeof x === 'number' && typeof y === 'number' ? x - y : letters.compare(String(x), String(y)));
  }

  // Unknown values stay at the end in both directions; equal ones keep the order of the ranking.
  function sort() {
    const index = heads.findIndex((cell) => nameOf(cell) === sorted.key);
    if (index < 0) return;
    const turn = sorted.down ? -1 : 1;
    rows.sort((a, b) => compare(a.keys[index], b.keys[index], turn) || a.place - b.place);
    const pieces = document.createDocumentFragment();
    for (const one of rows) pieces.appendChild(one.row);
    body.appendChild(pieces);
    heads.forEach((cell, place) => {
      if (place === index) cell.setAttribute('aria-sort', sorted.down ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
    });
  }

  /** @param {HTMLTableCellElement} cell */
  function nameOf(cell) {
    return cell.querySelector('button')?.dataset.key ?? '';
  }

  function remember() {
    const state = new URLSearchParams();
    if (search && search.value) state.set('q', search.value);
    if (economy && economy.value) state.set('economy', economy.value);
    if (region && region.value) state.set('region', region.value);
    if (all && shows.length) state.set('show', 'all');
    if (sorted.key !== 'rank' || sorted.down) state.set('sort', (sorted.down ? '-' : '') + sorted.key);
    const text = state.toString();
    history.replaceState(null, '', text ? `#${text}` : location.pathname.split('/').pop() || 'index.html');
  }

  function restore() {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes('=')) {
      reveal(decodeURIComponent(hash));
      return;
    }
    const state = new URLSearchParams(hash);
    if (search) search.value = state.get('q') ?? '';
    if (economy) economy.value = state.get('economy') ?? '';
    if (region) region.value = state.get('region') ?? '';
    all = shows.length === 0 || state.get('show') === 'all';
    const by = state.get('sort');
    sorted = by ? { key: by.replace(/^-/, ''), down: by.startsWith('-') } : { key: 'rank', down: false };
    if (by) sort();
    show();
  }

  /** @param {string} id */
  function reveal(id) {
    const line = document.getElementById(id);
    const one = rows.find((other) => other.row === line);
    if (one?.below) all = true;
    show();
    if (one) one.row.scrollIntoView({ block: 'center' });
  }

  for (const field of fields) {
    field.addEventListener('input', () => {
      show();
      remember();
    });
  }
  for (const button of shows) {
    button.addEventListener('click', () => {
      all = button.dataset.show === 'all';
      show();
      remember();
    });
  }
  document.getElementById('clear')?.addEventListener('click', () => {
    for (const field of fields) field.value = '';
    show();
    remember();
  });
  head.addEventListener('click', (event) => {
    const button = /** @type {Element} */ (event.target).closest('button');
    if (!button) return;
    const name = button.dataset.key ?? '';
    const rising = ['cluster', 'economy', 'rank', 'intensity'].includes(name);
    sorted = { key: name, down: name === sorted.key ? !sorted.down : !rising };
    sort();
    remember();
  });
  window.addEventListener('hashchange', restore);
  /** @type {HTMLElement} */ (document.getElementById('controls')).hidden = false;
  restore();
})();
