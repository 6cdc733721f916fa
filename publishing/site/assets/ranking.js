// The ranking table: sort, find, filter, show all. Without this script the page is a complete table of the ranked.
// What is chosen stands in the address (#q=…&economy=…), so that a view can be sent; #JP-1850147 is a cluster's line.
(function () {
  'use strict';
  var table = document.getElementById('ranking');
  var body = table.tBodies[0];
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var search = document.getElementById('search');
  var economy = document.getElementById('economy');
  var region = document.getElementById('region');
  var shows = Array.prototype.slice.call(document.querySelectorAll('[data-show]'));
  var count = document.getElementById('count');
  var empty = document.getElementById('empty');
  var letters = new Intl.Collator(document.documentElement.lang, { numeric: true });
  var all = shows.length === 0;
  var sorted = { key: 'rank', down: false };

  function fold(text) {
    return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/ø/gi, 'o').replace(/ł/gi, 'l').replace(/ß/g, 'ss').replace(/[–—]/g, '-').toLowerCase();
  }

  // The keys of a row are read once: sorting a thousand rows must not read the document again.
  var rows = Array.prototype.map.call(body.rows, function (row, place) {
    return {
      row: row,
      place: place,
      below: row.hasAttribute('data-below'),
      text: fold(row.getAttribute('data-search')),
      economies: row.getAttribute('data-economies').split(' '),
      regions: row.getAttribute('data-regions').split('|'),
      keys: Array.prototype.map.call(row.cells, function (cell) {
        var value = cell.getAttribute('data-v');
        if (value === null) { return cell.textContent.trim(); }
        return value === '' ? null : value === 'new' ? Infinity : Number(value);
      })
    };
  });

  // Who looks for a name looks among all clusters, not only among the ranked ones.
  function inScope(one, words) {
    return all || Boolean(words) || !one.below;
  }

  function fits(one, words) {
    var wanted = economy ? economy.value : '';
    var where = region ? region.value : '';
    return (!words || one.text.indexOf(words) >= 0) &&
      (!wanted || one.economies.indexOf(wanted) >= 0) &&
      (!where || one.regions.indexOf(where) >= 0) && inScope(one, words);
  }

  function show() {
    var words = fold(search ? search.value.trim() : '');
    var number = 0;
    rows.forEach(function (one) {
      var seen = fits(one, words);
      one.row.hidden = !seen;
      if (seen) { number += 1; }
    });
    var of = rows.filter(function (one) { return inScope(one, words); }).length;
    var clusters = (of === 1 ? count.dataset.one : count.dataset.many).replace('{number}', of);
    count.textContent = number === of ? clusters : count.dataset.of.replace('{number}', number).replace('{clusters}', clusters);
    empty.hidden = number > 0;
    shows.forEach(function (button) {
      button.setAttribute('aria-pressed', String((button.getAttribute('data-show') === 'all') === all));
    });
  }

  // Unknown values stay at the end in both directions; equal ones keep the order of the ranking.
  function sort() {
    var index = heads.findIndex(function (head) { return key(head) === sorted.key; });
    if (index < 0) { return; }
    var turn = sorted.down ? -1 : 1;
    rows.sort(function (a, b) {
      var x = a.keys[index], y = b.keys[index];
      if (x === null || y === null) { return (x === null) - (y === null) || a.place - b.place; }
      if (x === y) { return a.place - b.place; }
      return turn * (typeof x === 'number' ? (x < y ? -1 : 1) : letters.compare(x, y)) || a.place - b.place;
    });
    var pieces = document.createDocumentFragment();
    rows.forEach(function (one) { pieces.appendChild(one.row); });
    body.appendChild(pieces);
    heads.forEach(function (head, place) {
      if (place === index) { head.setAttribute('aria-sort', sorted.down ? 'descending' : 'ascending'); }
      else { head.removeAttribute('aria-sort'); }
    });
  }

  function key(head) {
    var button = head.querySelector('button');
    return button ? button.getAttribute('data-key') : '';
  }

  function remember() {
    var state = new URLSearchParams();
    if (search && search.value) { state.set('q', search.value); }
    if (economy && economy.value) { state.set('economy', economy.value); }
    if (region && region.value) { state.set('region', region.value); }
    if (all && shows.length) { state.set('show', 'all'); }
    if (sorted.key !== 'rank' || sorted.down) { state.set('sort', (sorted.down ? '-' : '') + sorted.key); }
    var text = state.toString();
    history.replaceState(null, '', text ? '#' + text : location.pathname.split('/').pop() || 'index.html');
  }

  function restore() {
    var hash = location.hash.slice(1);
    if (hash && hash.indexOf('=') < 0) { reveal(decodeURIComponent(hash)); return; }
    var state = new URLSearchParams(hash);
    if (search) { search.value = state.get('q') || ''; }
    if (economy) { economy.value = state.get('economy') || ''; }
    if (region) { region.value = state.get('region') || ''; }
    all = shows.length === 0 || state.get('show') === 'all';
    var by = state.get('sort');
    sorted = by ? { key: by.replace(/^-/, ''), down: by.charAt(0) === '-' } : { key: 'rank', down: false };
    if (by) { sort(); }
    show();
  }

  function reveal(id) {
    var line = document.getElementById(id);
    var one = rows.find(function (other) { return other.row === line; });
    if (one && one.below) { all = true; }
    show();
    if (one) { line.scrollIntoView({ block: 'center' }); }
  }

  [search, economy, region].forEach(function (field) {
    if (field) { field.addEventListener('input', function () { show(); remember(); }); }
  });
  shows.forEach(function (button) {
    button.addEventListener('click', function () { all = button.getAttribute('data-show') === 'all'; show(); remember(); });
  });
  document.getElementById('clear').addEventListener('click', function () {
    [search, economy, region].forEach(function (field) { if (field) { field.value = ''; } });
    show();
    remember();
  });
  table.tHead.addEventListener('click', function (event) {
    var button = event.target.closest('button');
    if (!button) { return; }
    var name = button.getAttribute('data-key');
    var text = name === 'cluster' || name === 'economy' || name === 'rank' || name === 'intensity';
    sorted = { key: name, down: name === sorted.key ? !sorted.down : !text };
    sort();
    remember();
  });
  window.addEventListener('hashchange', restore);
  document.getElementById('controls').hidden = false;
  restore();
})();
