// Coast and outlines as paths in units of the projection, y downwards.
import { reader, unzigzag } from './bytes';
import { project } from './projection';
import type { Rings } from './types';

export function paths(rings: Rings, bytes: Uint8Array): Path2D[] {
  const next = reader(bytes);
  return rings.corners.map((corners) => {
    const path = new Path2D();
    let lon = 0;
    let lat = 0;
    for (let i = 0; i < corners; i++) {
      lon += unzigzag(next());
      lat += unzigzag(next());
      const [x, y] = project(lon / rings.steps, lat / rings.steps);
      if (i) path.lineTo(x, -y);
      else path.moveTo(x, -y);
    }
    path.closePath();
    return path;
  });
}

export function joined(all: Path2D[]): Path2D {
  const whole = new Path2D();
  for (const path of all) whole.addPath(path);
  return whole;
}
