// The map page: decodes the data script, draws, and listens. Without it the page shows the same map as a picture.
import { fromBase64, inflate } from './bytes';
import { Card } from './card';
import { List } from './list';
import { joined, paths } from './shapes';
import { CLASSES, type Class, type Data, type Head, type Rings } from './types';
import { View } from './view';

declare global {
  interface Window {
    STCLUSTERS_MAP?: { data: string; coast: string; simulated: boolean };
    STCLUSTERS_COAST?: { rings: Rings; data: string };
  }
}

const ASIDE = 64; // px from a cluster's middle to the card of one that the map has gone to
const CLOSE_UP = 24;
const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

async function unpack(text: string): Promise<Data> {
  const bytes = await inflate(fromBase64(text));
  const size = new DataView(bytes.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size))) as Head;
  let at = 4 + size;
  const take = (number: number): Uint8Array => bytes.subarray(at, (at += number));
  return { head, points: take(head.points.bytes), coast: take(head.coast ? head.coast.bytes : 0), outlines: take(head.outlines.bytes) };
}

function start(data: Data, simulated: boolean, coast: string): void {
  const { head } = data;
  const page = document.querySelector('main') as HTMLElement;
  page.classList.add('live');
  element('live-map').hidden = false;
  const canvas = element<HTMLCanvasElement>('canvas');
  const view = new View(canvas, data);
  const card = new Card(element('card'), head.words, simulated);
  const insets = [...document.querySelectorAll<HTMLButtonElement>('[data-inset]')];
  const drawInsets = (): void => insets.forEach((button) => {
    const [, lat, lon] = head.insets[Number(button.dataset.inset)];
    view.inset(button.querySelector('canvas') as HTMLCanvasElement, lon, lat);
  });
  if (coast) {
    view.onClose = () => closeCoast(coast, (land) => {
      view.setCloseLand(land);
      drawInsets();
    });
  }
  const close = (): void => {
    view.chosen = -1;
    card.close();
    list.mark(-1);
    view.redraw();
  };
  const choose = (number: number, zoom = true): void => {
    const one = head.clusters[number];
    if (!one.ranked) toggle('below', true);
    view.chosen = number;
    if (zoom) view.goTo(one.lon, one.lat, Math.max(CLOSE_UP, Math.min(view.zoom, 120)));
    view.redraw();
    const [x, y] = view.where(one.lon, one.lat);
    card.show(one, x + (zoom ? ASIDE : 0), y); // beside the outline that one came to see
    list.mark(number);
    element('said').textContent = `${head.words.rank} ${one.rank}, ${one.name}, ${one.economy}, ${head.words.total} ${one.total}`;
    history.replaceState(null, '', `#${encodeURIComponent(one.id)}`);
  };
  const list = new List(element('list'), element('cities'), element<HTMLInputElement>('find'), element('found'), head.clusters, head.cities, head.words, choose, (city) => {
    close();
    view.goTo(city[3], city[2], 40);
  });
  const toggle = (kind: Class, on: boolean): void => {
    view.shown[kind] = on;
    const box = document.getElementById(`show-${kind}`) as HTMLInputElement | null;
    if (box) box.checked = on;
    view.redraw();
  };
  for (const kind of CLASSES) {
    const box = document.getElementById(`show-${kind}`) as HTMLInputElement | null;
    if (!box) continue;
    view.shown[kind] = box.checked;
    box.addEventListener('change', () => {
      toggle(kind, box.checked);
      drawInsets();
    });
  }
  insets.forEach((button) => button.addEventListener('click', () => {
    const [, lat, lon] = head.insets[Number(button.dataset.inset)];
    close();
    view.goToInset(lon, lat);
  }));
  element('closer').addEventListener('click', () => view.zoomBy(1.6));
  element('wider').addEventListener('click', () => view.zoomBy(1 / 1.6));
  element('whole').addEventListener('click', () => {
    close();
    view.goHome();
  });
  listen(canvas, view, card, head, choose, close);
  // the observer calls once for the size that was drawn already
  new ResizeObserver(() => {
    if (view.resize()) drawInsets();
  }).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    view.redraw();
    drawInsets();
  });
  const reveal = (): void => {
    const wanted = decodeURIComponent(location.hash.slice(1));
    const number = wanted ? head.clusters.findIndex((one) => one.id === wanted) : -1;
    if (number >= 0) choose(number);
  };
  window.addEventListener('hashchange', reveal);
  view.resize();
  reveal();
  // the world is on the screen before the small maps are drawn
  requestAnimationFrame(() => requestAnimationFrame(() => {
    canvas.setAttribute('data-painted', String(Math.round(performance.now())));
    drawInsets();
    canvas.setAttribute('data-whole', String(Math.round(performance.now())));
  }));
}

function listen(canvas: HTMLCanvasElement, view: View, card: Card, head: Head, choose: (number: number, zoom?: boolean) => void, close: () => void): void {
  const fingers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  const place = (event: PointerEvent | WheelEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!fingers.size) moved = 0;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  canvas.addEventListener('pointermove', (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) {
      hover(event);
      return;
    }
    const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
    moved += Math.abs(dx) + Math.abs(dy);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const before = Math.hypot(finger.x - other.x, finger.y - other.y);
      const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
      const box = canvas.getBoundingClientRect();
      if (before > 0) view.zoomBy(after / before, (event.clientX + other.x) / 2 - box.left, (event.clientY + other.y) / 2 - box.top);
      view.pan(dx / 2, dy / 2);
    } else view.pan(dx, dy);
    if (moved > 5) card.close();
    finger.x = event.clientX;
    finger.y = event.clientY;
  });
  const lift = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    if (event.type !== 'pointerup' || moved > 5 || fingers.size) return;
    const number = view.at(...place(event), event.pointerType === 'touch' ? 18 : 7);
    if (number !== null && number >= 0) {
      choose(number, view.zoom < 4);
    } else close();
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('pointerleave', () => {
    if (view.chosen < 0) card.leave();
  });
  function hover(event: PointerEvent): void {
    const [x, y] = place(event);
    const number = view.at(x, y, 6);
    if (number === null) {
      if (view.chosen < 0 && card.open) card.leave();
    } else if (number >= 0) card.show(head.clusters[number], x, y);
    else if (view.chosen < 0) card.show(null, x, y);
  }
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    card.close();
    view.zoomBy(Math.pow(1.0016, -event.deltaY * (event.deltaMode ? 24 : 1)), ...place(event));
  }, { passive: false });
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 70;
    const next = (by: number): void => choose((view.chosen + by + head.clusters.length) % head.clusters.length);
    const keys: Record<string, () => void> = {
      ArrowLeft: () => view.pan(step, 0),
      ArrowRight: () => view.pan(-step, 0),
      ArrowUp: () => view.pan(0, step),
      ArrowDown: () => view.pan(0, -step),
      '+': () => view.zoomBy(1.5),
      '=': () => view.zoomBy(1.5),
      '-': () => view.zoomBy(1 / 1.5),
      '0': () => { close(); view.goHome(); },
      n: () => head.clusters.length && next(1),
      p: () => head.clusters.length && next(view.chosen < 0 ? 0 : -1),
      Enter: () => { if (view.chosen >= 0 && head.clusters[view.chosen].file) location.href = head.clusters[view.chosen].file; },
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
}

/** The finer coast is a script of its own, fetched from the folder when somebody looks closely. */
function closeCoast(file: string, use: (land: Path2D) => void): void {
  const script = document.createElement('script');
  script.src = file;
  script.onload = () => {
    const coast = window.STCLUSTERS_COAST;
    if (coast) void inflate(fromBase64(coast.data)).then((bytes) => use(joined(paths(coast.rings, bytes))));
  };
  document.head.append(script);
}

const given = window.STCLUSTERS_MAP;
if (given && 'DecompressionStream' in window) {
  void unpack(given.data).then((data) => start(data, given.simulated, given.coast));
}
