// Two to five clusters side by side. The choice stands in the address: #JP-1850147,US-5391959.
(function () {
  'use strict';
  var data = window.STCLUSTERS_COMPARE;
  var most = 5;
  var add = document.getElementById('add');
  var result = document.getElementById('result');
  var said = document.getElementById('said');
  var byId = {};
  data.clusters.forEach(function (one) { byId[one.id] = one; });
  var chosen = [];

  function make(tag, text, name) {
    var element = document.createElement(tag);
    if (text !== undefined) { element.textContent = text; }
    if (name) { element.className = name; }
    return element;
  }

  function bar(value, largest) {
    var svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    var rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    svg.setAttribute('class', 'meter');
    svg.setAttribute('width', '90');
    svg.setAttribute('height', '10');
    svg.setAttribute('viewBox', '0 0 90 10');
    svg.setAttribute('aria-hidden', 'true');
    rect.setAttribute('class', 'pct');
    rect.setAttribute('width', (largest > 0 ? value / largest * 90 : 0).toFixed(1));
    rect.setAttribute('height', '10');
    svg.appendChild(rect);
    return svg;
  }

  function head() {
    var row = make('tr');
    row.appendChild(make('td'));
    chosen.forEach(function (id) {
      var one = byId[id];
      var cell = make('th', undefined, 'who-compared');
      cell.scope = 'col';
      var link = make('a');
      link.href = one.file;
      link.appendChild(make('bdi', one.name));
      cell.appendChild(link);
      cell.appendChild(make('small', one.economy));
      var remove = make('button', said.dataset.remove);
      remove.type = 'button';
      remove.setAttribute('aria-label', said.dataset.removeOne.replace('{name}', one.name));
      remove.addEventListener('click', function () { chosen.splice(chosen.indexOf(id), 1); show(); add.focus(); });
      cell.appendChild(remove);
      row.appendChild(cell);
    });
    var part = make('thead');
    part.appendChild(row);
    return part;
  }

  function line(name, column, fill, group) {
    var row = make('tr', undefined, group);
    var title = make('th', column ? undefined : name);
    title.scope = 'row';
    if (column) {
      var means = make('a', name, 'def');
      means.href = 'data.html#' + column;
      title.appendChild(means);
    }
    row.appendChild(title);
    chosen.forEach(function (id) { row.appendChild(fill(byId[id])); });
    return row;
  }

  function show() {
    result.textContent = '';
    history.replaceState(null, '', '#' + chosen.map(encodeURIComponent).join(','));
    said.textContent = chosen.length < 2 ? said.dataset.few : said.dataset.many.replace('{number}', chosen.length);
    Array.prototype.forEach.call(add.options, function (option) { option.disabled = chosen.indexOf(option.value) >= 0; });
    add.disabled = chosen.length >= most;
    add.value = '';
    if (!chosen.length) { return; }
    var table = make('table', undefined, 'compared');
    table.appendChild(head());
    var body = make('tbody');
    data.facts.forEach(function (fact, at) {
      body.appendChild(line(fact[0], 'ranking.' + fact[1], function (one) { return make('td', one.facts[at]); }));
    });
    // the fields that are among the first eight of any chosen cluster, the largest first
    var largest = data.fields.map(function (_, at) { return Math.max.apply(null, chosen.map(function (id) { return byId[id].fields[at]; })); });
    var wanted = {};
    chosen.forEach(function (id) {
      var fields = byId[id].fields;
      fields.map(function (_, at) { return at; }).sort(function (a, b) { return fields[b] - fields[a] || a - b; }).slice(0, 8)
        .forEach(function (at) { if (fields[at] > 0) { wanted[at] = true; } });
    });
    var order = Object.keys(wanted).map(Number).sort(function (a, b) { return largest[b] - largest[a] || a - b; });
    var top = largest[order[0]] || 0;
    order.forEach(function (at, place) {
      body.appendChild(line(data.fields[at] + ', %', 'cluster_fields.share', function (one) {
        var cell = make('td', undefined, 'barred');
        cell.appendChild(bar(one.fields[at], top));
        cell.appendChild(make('span', one.shares[at]));
        return cell;
      }, place === 0 ? 'first' : ''));
    });
    table.appendChild(body);
    result.appendChild(table);
  }

  function restore() {
    var wanted = location.hash.slice(1).split(',').map(decodeURIComponent).filter(function (id) { return byId[id]; });
    wanted = wanted.filter(function (id, at) { return wanted.indexOf(id) === at; }).slice(0, most);
    chosen = wanted.length ? wanted : data.clusters.slice(0, 2).map(function (one) { return one.id; });
    show();
  }

  add.addEventListener('change', function () {
    if (add.value && chosen.length < most) { chosen.push(add.value); show(); add.focus(); }
  });
  window.addEventListener('hashchange', restore);
  document.getElementById('controls').hidden = false;
  restore();
})();
