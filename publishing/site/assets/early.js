// Before the map's pictures are laid out: where the browser's map will be drawn, they are not.
'use strict';
if ('DecompressionStream' in window) {
  document.getElementById('main')?.classList.add('live');
  const place = document.getElementById('live-map');
  if (place) place.hidden = false;
}
