// Before the map's pictures are laid out: where the browser's map will be drawn, they are not.
(() => {
  'use strict';
  const place = document.getElementById('live-map');
  if (!place || !('DecompressionStream' in window)) return;
  place.hidden = false;
  document.getElementById('main')?.classList.add('live');
})();
