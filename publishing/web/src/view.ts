// What is seen: centre and scale, one redraw a frame, and what lies under a pixel.
import { label, type Box, type Named } from './labels';
import { Points, type Frame } from './points';
import { EARTH_KM, project } from './projection';
import { joined, paths } from './shapes';
import type { Class, Data, Spot } from './types';

const HOME: Spot = [0.12, 0.17];
const INSET_KM = 520;
const CLOSE = 7;

export class View {
  readonly shown: Record<Class, boolean> = { ranked: true, below: false, noise: true };
  readonly points: Points;
  chosen = -1;
  /** asks for the coast of close views; called once */
  onClose: (() => void) | null = null;
  private readonly g: CanvasRenderingContext2D;
  private readonly layer = document.createElement('canvas');
  private readonly names: Named[];
  private readonly outlines: Path2D[];
  private land: Path2D;
  private closeLand: Path2D | null = null;
  private centre: Spot = [...HOME];
  private scale = 1;
  private home = 1;
  private ratio = 1;
  private picked = new Uint16Array(0);
  private waiting = false;
  private covered: Box[] = [];

  constructor(readonly canvas: HTMLCanvasElement, private readonly data: Data) {
    this.g = canvas.getContext('2d') as CanvasRenderingContext2D;
    this.points = new Points(data);
    const { head } = data;
    this.land = head.coast ? joined(paths(head.coast, data.coast)) : new Path2D();
    this.outlines = paths(head.outlines, data.outlines);
    this.names = head.clusters.filter((one) => one.ranked || !head.clusters[0].ranked).map((one) => ({ short: one.short, spot: project(one.lon, one.lat) }));
  }

  get zoom(): number {
    return this.scale / this.home;
  }

  setCloseLand(land: Path2D): void {
    this.closeLand = land;
    this.redraw();
  }

  /** Takes the size that the page gives and draws; whether that size is another one. */
  resize(): boolean {
    const { canvas } = this;
    this.ratio = window.devicePixelRatio || 1;
    const width = Math.max(2, Math.round(canvas.clientWidth * this.ratio));
    const height = Math.max(2, Math.round(canvas.clientHeight * this.ratio));
    if (width === canvas.width && height === canvas.height && this.picked.length) return false;
    canvas.width = this.layer.width = width;
    canvas.height = this.layer.height = height;
    const home = Math.min(canvas.width / 5.1, canvas.height / 2.3);
    this.scale *= home / this.home;
    this.home = home;
    this.picked = new Uint16Array(canvas.width * canvas.height);
    this.covered = this.overlaid();
    this.draw();
    return true;
  }

  /** Where the page's own controls lie over the map: no name is put under them. */
  private overlaid(): Box[] {
    const here = this.canvas.getBoundingClientRect();
    const others = [...(this.canvas.parentElement as HTMLElement).querySelectorAll('.zoom, .legend, .attribution')];
    return others.map((one) => {
      const box = one.getBoundingClientRect();
      return [box.left - here.left, box.top - here.top, box.right - here.left, box.bottom - here.top].map((at) => at * this.ratio) as Box;
    });
  }

  redraw(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  /** Moves by CSS pixels. */
  pan(x: number, y: number): void {
    this.centre = [this.centre[0] - (x * this.ratio) / this.scale, this.centre[1] + (y * this.ratio) / this.scale];
    this.redraw();
  }

  /** Zooms by a factor; the place at (x, y), CSS pixels, stays where it is. */
  zoomBy(factor: number, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2): void {
    const next = Math.max(this.home * 0.9, Math.min(this.home * 600, this.scale * factor));
    const dx = x * this.ratio - this.canvas.width / 2;
    const dy = y * this.ratio - this.canvas.height / 2;
    this.centre = [this.centre[0] + dx * (1 / this.scale - 1 / next), this.centre[1] - dy * (1 / this.scale - 1 / next)];
    this.scale = next;
    this.redraw();
  }

  goHome(): void {
    this.centre = [...HOME];
    this.scale = this.home;
    this.redraw();
  }

  goTo(lon: number, lat: number, zoom: number): void {
    this.centre = project(lon, lat);
    this.scale = this.home * zoom;
    this.redraw();
  }

  /** The inset's width fills the map. */
  goToInset(lon: number, lat: number): void {
    this.goTo(lon, lat, Math.max(8, this.canvas.width / (INSET_KM / EARTH_KM) / this.home));
  }

  /** Position of a place in CSS pixels. */
  where(lon: number, lat: number): Spot {
    const [x, y] = project(lon, lat);
    const frame = this.frame();
    return [(x * frame.scale + frame.left) / this.ratio, (frame.top - y * frame.scale) / this.ratio];
  }

  /** What lies nearest to (x, y), CSS pixels: a cluster's number, −1 for noise, null for nothing; clusters go before noise. */
  at(x: number, y: number, reach: number): number | null {
    const { width, height } = this.canvas;
    const cx = Math.round(x * this.ratio);
    const cy = Math.round(y * this.ratio);
    const radius = Math.round(reach * this.ratio);
    let best = 0;
    let nearest = Infinity;
    for (let py = Math.max(0, cy - radius); py <= Math.min(height - 1, cy + radius); py++) {
      for (let px = Math.max(0, cx - radius); px <= Math.min(width - 1, cx + radius); px++) {
        const mark = this.picked[py * width + px];
        if (!mark) continue;
        const away = (px - cx) ** 2 + (py - cy) ** 2 + (mark === 65535 ? radius * radius : 0);
        if (away < nearest) [nearest, best] = [away, mark];
      }
    }
    return best === 0 ? null : best === 65535 ? -1 : best - 1;
  }

  private frame(): Frame {
    const { width, height } = this.canvas;
    return {
      width, height, scale: this.scale, ratio: this.ratio, zoom: this.zoom,
      left: width / 2 - this.centre[0] * this.scale,
      top: height / 2 + this.centre[1] * this.scale,
    };
  }

  private draw(): void {
    const frame = this.frame();
    if (frame.zoom > CLOSE && this.onClose) {
      this.onClose();
      this.onClose = null;
    }
    this.picked.fill(0);
    this.scene(this.g, this.layer, frame, this.picked, this.covered);
  }

  private scene(g: CanvasRenderingContext2D, layer: HTMLCanvasElement, frame: Frame, picked: Uint16Array | null, reserved: Box[] = []): void {
    const style = getComputedStyle(document.documentElement);
    const css = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.fillStyle = css('paper');
    g.fillRect(0, 0, frame.width, frame.height);
    g.setTransform(frame.scale, 0, 0, frame.scale, frame.left, frame.top);
    g.fillStyle = css('land');
    g.fill(frame.zoom > CLOSE && this.closeLand ? this.closeLand : this.land, 'evenodd');
    const lg = layer.getContext('2d') as CanvasRenderingContext2D;
    const image = lg.createImageData(frame.width, frame.height);
    const colours = { ranked: abgr(css('pct')), below: abgr(css('below')), noise: abgr(css('noise')) };
    this.points.paint(frame, new Uint32Array(image.data.buffer), picked, this.shown, colours);
    lg.putImageData(image, 0, 0);
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.drawImage(layer, 0, 0);
    this.outline(g, frame, css('pct-ink'), css('pct'));
    g.setTransform(1, 0, 0, 1, 0, 0);
    const most = frame.zoom < 1.5 ? (frame.width < 520 * frame.ratio ? 6 : 16) : frame.zoom < 4 ? 34 : 120;
    label(g, frame, this.names, most, this.chosen < this.names.length ? this.chosen : -1, css('ink'), css('paper'), css('sans'), reserved);
  }

  private outline(g: CanvasRenderingContext2D, frame: Frame, line: string, fill: string): void {
    g.setTransform(frame.scale, 0, 0, frame.scale, frame.left, frame.top);
    this.data.head.outlines.of.forEach((cluster, ring) => {
      const mine = cluster === this.chosen;
      if (!mine && (frame.zoom <= 4 || !this.shown[this.points.classOf(cluster)])) return;
      if (mine) {
        g.globalAlpha = 0.12;
        g.fillStyle = fill;
        g.fill(this.outlines[ring]);
        g.globalAlpha = 1;
      }
      g.lineWidth = ((mine ? 2.4 : 1.1) * frame.ratio) / frame.scale;
      g.strokeStyle = line;
      g.stroke(this.outlines[ring]);
    });
  }

  /** Draws a window of fixed width in kilometres. */
  inset(canvas: HTMLCanvasElement, lon: number, lat: number): void {
    canvas.width = Math.max(2, Math.round(canvas.clientWidth * this.ratio));
    canvas.height = Math.max(2, Math.round(canvas.clientHeight * this.ratio));
    const [x, y] = project(lon, lat);
    const scale = canvas.width / (INSET_KM / EARTH_KM);
    const frame = {
      width: canvas.width, height: canvas.height, scale, ratio: this.ratio, zoom: 12,
      left: canvas.width / 2 - x * scale, top: canvas.height / 2 + y * scale,
    };
    const layer = document.createElement('canvas');
    layer.width = canvas.width;
    layer.height = canvas.height;
    this.scene(canvas.getContext('2d') as CanvasRenderingContext2D, layer, frame, null, [[0, 0, 150 * this.ratio, 26 * this.ratio]]);
  }
}

function abgr(colour: string): number {
  const part = (at: number): number => parseInt(colour.slice(at, at + 2), 16);
  return (0xff000000 | (part(5) << 16) | (part(3) << 8) | part(1)) >>> 0;
}

