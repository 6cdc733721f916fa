// All places: decoded once, projected once, painted as pixels. No object per point.
import { everySecondBit, reader } from './bytes';
import { atLatitude } from './projection';
import type { Class, Data } from './types';

const BLOCK = 2048;

export interface Frame {
  width: number;
  height: number;
  /** pixels a unit of the projection */
  scale: number;
  left: number;
  top: number;
  /** device pixels a CSS pixel */
  ratio: number;
  zoom: number;
}

export class Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** blocks of neighbours: first point, last point, cluster (−1 noise), and their box */
  private readonly blocks: Float64Array[] = [];
  readonly counts: Record<Class, number> = { ranked: 0, below: 0, noise: 0 };

  constructor(private readonly data: Data) {
    const { steps, runs } = data.head.points;
    const total = runs.reduce((sum, run) => sum + run, 0);
    this.x = new Float32Array(total);
    this.y = new Float32Array(total);
    const rows = steps * 180 + 2;
    const factor = new Float64Array(rows);
    const north = new Float64Array(rows);
    for (let i = 0; i < rows; i++) [factor[i], north[i]] = atLatitude(Math.min(90, i / steps - 90));
    const next = reader(data.points);
    let at = 0;
    runs.forEach((run, number) => {
      let code = 0;
      const cluster = number < data.head.clusters.length ? number : -1;
      const first = at;
      for (let i = 0; i < run; i++, at++) {
        code += next();
        const lat = everySecondBit(code >>> 1);
        const lon = everySecondBit(code);
        // rounded places form a lattice when close: each is moved inside its cell, always the same way
        const hash = Math.imul(at + 1, 2654435761) >>> 0;
        const up = (hash & 0xffff) / 65536 - 0.5;
        const side = (hash >>> 16) / 65536 - 0.5;
        this.x[at] = ((lon + side) / steps - 180) * factor[lat];
        this.y[at] = north[lat] + up * (north[lat + 1] - north[lat]);
      }
      this.counts[this.classOf(cluster)] += run;
      for (let start = first; start < at; start += BLOCK) this.blocks.push(this.block(start, Math.min(at, start + BLOCK), cluster));
    });
    // noise first, then from the last rank to the first: the first lie on top
    this.blocks.reverse().sort((a, b) => Number(b[2] < 0) - Number(a[2] < 0));
  }

  classOf(cluster: number): Class {
    if (cluster < 0) return 'noise';
    return this.data.head.clusters[cluster].ranked ? 'ranked' : 'below';
  }

  private block(from: number, to: number, cluster: number): Float64Array {
    let west = Infinity, east = -Infinity, south = Infinity, north = -Infinity;
    for (let i = from; i < to; i++) {
      if (this.x[i] < west) west = this.x[i];
      if (this.x[i] > east) east = this.x[i];
      if (this.y[i] < south) south = this.y[i];
      if (this.y[i] > north) north = this.y[i];
    }
    return Float64Array.of(from, to, cluster, west, east, south, north);
  }

  /** Paints into `pixels`; `picked`, if given, holds 1 + cluster of each pixel, 65535 for noise, 0 for none. */
  paint(frame: Frame, pixels: Uint32Array, picked: Uint16Array | null, shown: Record<Class, boolean>, colours: Record<Class, number>): void {
    const reach = 8 * frame.ratio;
    for (const [from, to, cluster, west, east, south, north] of this.blocks) {
      const kind = this.classOf(cluster);
      if (!shown[kind]) continue;
      if (east * frame.scale + frame.left < -reach || west * frame.scale + frame.left > frame.width + reach) continue;
      if (frame.top - south * frame.scale < -reach || frame.top - north * frame.scale > frame.height + reach) continue;
      const size = Math.max(1, Math.round(sizeOf(kind, frame.zoom) * frame.ratio));
      const mark = cluster < 0 ? 65535 : cluster + 1;
      if (size < 3) this.squares(frame, pixels, picked, from, to, size, colours[kind], mark);
      else this.discs(frame, pixels, picked, from, to, size, colours[kind], mark);
    }
  }

  private squares(frame: Frame, pixels: Uint32Array, picked: Uint16Array | null, from: number, to: number, size: number, colour: number, mark: number): void {
    const { width, height, scale, left, top } = frame;
    const half = size >> 1;
    for (let i = from; i < to; i++) {
      const x = ((this.x[i] * scale + left) | 0) - half;
      const y = ((top - this.y[i] * scale) | 0) - half;
      if (x < 0 || y < 0 || x >= width - size || y >= height - size) continue;
      for (let row = 0; row < size; row++) {
        for (let at = (y + row) * width + x, end = at + size; at < end; at++) {
          pixels[at] = colour;
          if (picked) picked[at] = mark;
        }
      }
    }
  }

  private discs(frame: Frame, pixels: Uint32Array, picked: Uint16Array | null, from: number, to: number, size: number, colour: number, mark: number): void {
    const { width, height, scale, left, top } = frame;
    const radius = size / 2;
    const inset = Array.from({ length: size }, (_, row) => {
      const up = row + 0.5 - radius;
      return Math.max(0, Math.round(radius - Math.sqrt(Math.max(0, radius * radius - up * up))));
    });
    for (let i = from; i < to; i++) {
      const x = Math.round(this.x[i] * scale + left - radius);
      const y = Math.round(top - this.y[i] * scale - radius);
      if (x < 0 || y < 0 || x >= width - size || y >= height - size) continue;
      for (let row = 0; row < size; row++) {
        for (let at = (y + row) * width + x + inset[row], end = at + size - 2 * inset[row]; at < end; at++) {
          pixels[at] = colour;
          if (picked) picked[at] = mark;
        }
      }
    }
  }
}

/** Diameter in CSS pixels: a clear point for clusters on the world, discs when close. */
export function sizeOf(kind: Class, zoom: number): number {
  if (zoom > 40) return 5;
  if (zoom > 14) return 3.6;
  const noise = kind === 'noise';
  if (zoom > 4) return noise ? 1.6 : 2.6;
  return noise ? 1 : kind === 'ranked' ? 2.3 : 1.7;
}
