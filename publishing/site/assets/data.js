// Opens the dictionary at the entry that a link asks for, and saves GeoJSON, which browsers would show instead of saving.
(function () {
  'use strict';
  function open() {
    var entry = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    var table = entry && entry.closest('details');
    if (table && !table.open) {
      table.open = true;
      entry.scrollIntoView();
    }
  }

  function save(name, text) {
    var link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/geo+json' }));
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  document.addEventListener('click', function (event) {
    var link = event.target.closest('a[href$=".geojson"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    var name = link.getAttribute('href').split('/').pop();
    if (window.STCLUSTERS_GEOJSON) { save(name, window.STCLUSTERS_GEOJSON); return; }
    var script = document.createElement('script');
    script.src = 'clusters-geojson.js';
    script.onload = function () { save(name, window.STCLUSTERS_GEOJSON); };
    script.onerror = function () { location.href = link.href; };
    document.head.appendChild(script);
  });
  window.addEventListener('hashchange', open);
  open();
})();
