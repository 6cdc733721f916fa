// Equal Earth on the unit sphere: Šavrič, Patterson, Jenny (2019). North is positive.
import type { Spot } from './types';

const A = [1.340264, -0.081106, 0.000893, 0.003796];
const M = Math.sqrt(3) / 2;
const RADIANS = Math.PI / 180;
export const EARTH_KM = 6371.0088;

/** Factor of the longitude (degrees) and the ordinate at a latitude (degrees). */
export function atLatitude(lat: number): Spot {
  const t = Math.asin(M * Math.sin(lat * RADIANS));
  const t2 = t * t;
  const t6 = t2 * t2 * t2;
  const slope = A[0] + 3 * A[1] * t2 + t6 * (7 * A[2] + 9 * A[3] * t2);
  return [(RADIANS * Math.cos(t)) / (M * slope), t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2))];
}

export function project(lon: number, lat: number): Spot {
  const [factor, y] = atLatitude(lat);
  return [lon * factor, y];
}
