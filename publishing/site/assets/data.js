// Opens the dictionary at the entry that a link asks for, and saves GeoJSON, which browsers would show instead of saving.
(() => {
  'use strict';
  const held = /** @type {{STCLUSTERS_GEOJSON?: string}} */ (/** @type {unknown} */ (window));

  function open() {
    const entry = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const table = entry?.closest('details');
    if (!entry || !table || table.open) return;
    table.open = true;
    entry.scrollIntoView();
  }

  /** @param {string} name @param {string} text */
  function save(name, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/geo+json' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  document.addEventListener('click', (event) => {
    const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest('a[href$=".geojson"]'));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const name = link.href.split('/').pop() ?? 'clusters.geojson';
    const use = () => save(name, held.STCLUSTERS_GEOJSON ?? '');
    if (held.STCLUSTERS_GEOJSON) {
      use();
      return;
    }
    const script = document.createElement('script');
    script.src = 'clusters-geojson.js';
    script.onload = use;
    script.onerror = () => location.assign(link.href);
    document.head.appendChild(script);
  });
  window.addEventListener('hashchange', open);
  open();
})();
