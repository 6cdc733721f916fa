// The heat map: which measure is shown, and by which field clusters are ordered. Without it the first measure stays.
(function () {
  'use strict';
  var table = document.getElementById('heat');
  var body = table.tBodies[0];
  var names = ['rta', 'share', 'count'];
  var words = {};
  table.getAttribute('data-words').split('|').forEach(function (word, place) { words[names[place]] = word; });
  var rows = Array.prototype.slice.call(body.rows);
  var order = document.getElementById('order');
  var buttons = Array.prototype.slice.call(document.querySelectorAll('button[data-measure]'));
  var measure = table.getAttribute('data-measure');
  var texts = rows.map(function (row) {
    return Array.prototype.slice.call(row.cells, 2).map(function (cell) { return cell.getAttribute('data-v').split('|'); });
  });

  function figure(text) {
    return text === '' ? null : text.charAt(0) === '<' ? 0.04 : Number(text.split(table.getAttribute('data-group')).join('').replace(table.getAttribute('data-point'), '.'));
  }

  function paint() {
    var place = names.indexOf(measure);
    var breaks = table.getAttribute('data-' + measure).split(' ').map(Number);
    rows.forEach(function (row, r) {
      texts[r].forEach(function (cell, c) {
        var value = figure(cell[place]);
        var step = breaks.filter(function (limit) { return value !== null && value >= limit; }).length;
        var strong = value !== null && (measure === 'rta' ? value >= 2.2 : step >= 6);
        var td = row.cells[c + 2];
        td.className = (value === null ? 'x' : (measure === 'rta' ? 'h' : 's') + step) + (strong ? ' on' : '') + (td.classList.contains('first') ? ' first' : '');
        td.textContent = cell[place];
      });
    });
    Array.prototype.forEach.call(document.getElementById('scale').children, function (step, number) { 
      step.className = (measure === 'rta' ? 'h' : 's') + number;
      if (number) { step.firstChild.textContent = String(breaks[number - 1]).replace('.', table.getAttribute('data-point')); }
    });
    document.getElementById('scale-name').textContent = words[measure];
    buttons.forEach(function (button) { button.setAttribute('aria-pressed', String(button.getAttribute('data-measure') === measure)); });
  }

  // Unknown figures come last; equal ones keep the order of the ranking.
  function sort() {
    var place = names.indexOf(measure);
    var column = order.value === '' ? -1 : Number(order.value);
    var keys = rows.map(function (row, r) { return { row: row, r: r, v: column < 0 ? null : figure(texts[r][column][place]) }; });
    keys.sort(function (a, b) {
      if (a.v === null || b.v === null) { return (a.v === null) - (b.v === null) || a.r - b.r; }
      return b.v - a.v || a.r - b.r;
    });
    var pieces = document.createDocumentFragment();
    keys.forEach(function (key) { pieces.appendChild(key.row); });
    body.appendChild(pieces);
    document.getElementById('said').textContent = table.getAttribute('data-ordered').replace('{column}', order.options[order.selectedIndex].textContent).replace('{measure}', words[measure]);
  }

  function remember() {
    var state = new URLSearchParams();
    if (measure !== table.getAttribute('data-measure')) { state.set('measure', measure); }
    if (order.value) { state.set('order', order.value); }
    history.replaceState(null, '', '#' + state.toString());
  }

  buttons.forEach(function (button) {
    button.addEventListener('click', function () { measure = button.getAttribute('data-measure'); paint(); sort(); remember(); });
  });
  order.addEventListener('change', function () { sort(); remember(); });
  document.getElementById('controls').hidden = false;
  var state = new URLSearchParams(location.hash.slice(1));
  if (names.indexOf(state.get('measure')) >= 0) { measure = state.get('measure'); paint(); }
  if (state.get('order')) { order.value = state.get('order'); sort(); }
})();
