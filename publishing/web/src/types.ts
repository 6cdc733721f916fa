// What `publishing/map/payload.py` writes: names and figures are printed there, so that all pages round alike.
export interface Cluster {
  id: string;
  name: string;
  short: string;
  economy: string;
  rank: number;
  pct: string;
  sci: string;
  total: string;
  lat: number;
  lon: number;
  file: string;
  ranked: boolean;
}

export type City = [name: string, economy: string, lat: number, lon: number];

export interface Rings {
  steps: number;
  corners: number[];
  bytes: number;
}

export interface Head {
  points: { steps: number; runs: number[]; bytes: number };
  coast: Rings | null;
  outlines: Rings & { of: number[] };
  clusters: Cluster[];
  cities: City[];
  insets: [title: string, lat: number, lon: number][];
  words: Record<string, string>;
}

export interface Data {
  head: Head;
  points: Uint8Array;
  coast: Uint8Array;
  outlines: Uint8Array;
}

export type Spot = [x: number, y: number];
/** Classes in the order of the legend; noise is drawn first, ranked clusters last. */
export const CLASSES = ['ranked', 'below', 'noise'] as const;
export type Class = (typeof CLASSES)[number];
