// The heat map: which measure is shown, and by which field clusters are ordered. Without it the first measure stays.
(() => {
  'use strict';
  const NAMES = ['rta', 'share', 'count'];
  const table = /** @type {HTMLTableElement} */ (document.getElementById('heat'));
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const order = /** @type {HTMLSelectElement} */ (document.getElementById('order'));
  const scale = /** @type {HTMLElement} */ (document.getElementById('scale'));
  const buttons = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('button[data-measure]')]);
  const { point = '.', group = ',', ordered = '', words = '' } = table.dataset;
  const said = words.split('|');
  let measure = table.dataset.measure ?? 'share';
  const texts = rows.map((row) => [...row.cells].slice(2).map((cell) => (cell.dataset.v ?? '').split('|')));

  /** The number that a figure prints; what rounds to nothing is less than all that prints.
   * @param {string} text */
  function figure(text) {
    if (text === '') return null;
    return text.startsWith('<') ? 0.04 : Number(text.split(group).join('').replace(point, '.'));
  }

  function paint() {
    const place = NAMES.indexOf(measure);
    const breaks = (table.getAttribute(`data-${measure}`) ?? '').split(' ').map(Number);
    const letter = measure === 'rta' ? 'h' : 's';
    rows.forEach((row, r) => texts[r].forEach((cell, c) => {
      const value = figure(cell[place]);
      const step = value === null ? 0 : breaks.filter((limit) => value >= limit).length;
      const strong = value !== null && (measure === 'rta' ? value >= 2.2 : step >= 6);
      const td = row.cells[c + 2];
      const first = td.classList.contains('first');
      td.className = (value === null ? 'x' : letter + step) + (strong ? ' on' : '') + (first ? ' first' : '');
      td.textContent = cell[place];
    }));
    [...scale.children].forEach((step, number) => {
      step.className = letter + number;
      if (number && step.firstChild) step.firstChild.textContent = String(breaks[number - 1]).replace('.', point);
    });
    /** @type {HTMLElement} */ (document.getElementById('scale-name')).textContent = said[place];
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.measure === measure));
  }

  // Unknown figures come last; equal ones keep the order of the ranking.
  function sort() {
    const place = NAMES.indexOf(measure);
    const column = order.value === '' ? -1 : Number(order.value);
    const keys = rows.map((row, r) => ({ row, r, v: column < 0 ? null : figure(texts[r][column][place]) }));
    keys.sort((a, b) => {
      if (a.v === null || b.v === null) return Number(a.v === null) - Number(b.v === null) || a.r - b.r;
      return b.v - a.v || a.r - b.r;
    });
    const pieces = document.createDocumentFragment();
    for (const key of keys) pieces.appendChild(key.row);
    body.appendChild(pieces);
    const chosen = order.options[order.selectedIndex].textContent ?? '';
    /** @type {HTMLElement} */ (document.getElementById('said')).textContent = ordered.replace('{column}', chosen).replace('{measure}', said[place]);
  }

  function remember() {
    const state = new URLSearchParams();
    if (measure !== table.dataset.measure) state.set('measure', measure);
    if (order.value) state.set('order', order.value);
    history.replaceState(null, '', `#${state.toString()}`);
  }

  for (const button of buttons) {
    button.addEventListener('click', () => {
      measure = button.dataset.measure ?? measure;
      paint();
      sort();
      remember();
    });
  }
  order.addEventListener('change', () => {
    sort();
    remember();
  });
  /** @type {HTMLElement} */ (document.getElementById('controls')).hidden = false;
  const state = new URLSearchParams(location.hash.slice(1));
  const wanted = state.get('measure');
  if (wanted && NAMES.includes(wanted)) {
    measure = wanted;
    paint();
  }
  const by = state.get('order');
  if (by) {
    order.value = by;
    sort();
  }
})();
