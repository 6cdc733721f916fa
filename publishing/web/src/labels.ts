// Names of clusters, placed greedily by rank in four positions, none over another.
import type { Frame } from './points';
import type { Spot } from './types';

export type Box = [number, number, number, number];

export interface Named {
  short: string;
  spot: Spot;
}

export function label(g: CanvasRenderingContext2D, frame: Frame, all: Named[], most: number, chosen: number, ink: string, halo: string, family: string, reserved: Box[] = []): void {
  if (frame.width < 120 * frame.ratio) return;
  const { ratio } = frame;
  const taken: Box[] = [...reserved];
  g.font = `600 ${12.5 * ratio}px ${family}`;
  g.lineJoin = 'round';
  g.textBaseline = 'middle';
  g.lineWidth = 3.5 * ratio;
  g.strokeStyle = halo;
  g.fillStyle = ink;
  const order = [...all.keys()];
  if (chosen >= 0) order.unshift(...order.splice(chosen, 1));
  let placed = 0;
  for (const number of order) {
    if (placed >= most) break;
    const { short, spot } = all[number];
    const x = spot[0] * frame.scale + frame.left;
    const y = frame.top - spot[1] * frame.scale;
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    const box = free(taken, x, y, g.measureText(short).width + 6 * ratio, 15 * ratio, frame);
    if (!box) continue;
    taken.push(box);
    placed++;
    const middle = (box[1] + box[3]) / 2;
    g.strokeText(short, box[0] + 3 * ratio, middle);
    g.fillText(short, box[0] + 3 * ratio, middle);
  }
}

function free(taken: Box[], x: number, y: number, wide: number, high: number, frame: Frame): Box | null {
  const gap = 6 * frame.ratio;
  const tries: Spot[] = [[x + gap, y - high / 2], [x - wide - gap, y - high / 2], [x - wide / 2, y - high - gap], [x - wide / 2, y + gap]];
  for (const [left, top] of tries) {
    const box: Box = [left, top, left + wide, top + high];
    const inside = left >= 0 && top >= 0 && box[2] <= frame.width && box[3] <= frame.height;
    if (inside && !taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return box;
  }
  return null;
}
