// Bytes as `publishing/map/deltas.py` writes them.

export function fromBase64(text: string): Uint8Array {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

export async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Reads one number after another: seven bits a byte, low bits first. */
export function reader(bytes: Uint8Array): () => number {
  let at = 0;
  return () => {
    let byte = bytes[at++];
    let value = byte & 127;
    let scale = 1;
    while (byte > 127) {
      byte = bytes[at++];
      scale *= 128;
      value += (byte & 127) * scale;
    }
    return value;
  };
}

export function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

/** Every second bit of a 32-bit code, beginning with the lowest. */
export function everySecondBit(code: number): number {
  let x = code & 0x55555555;
  x = (x | (x >>> 1)) & 0x33333333;
  x = (x | (x >>> 2)) & 0x0f0f0f0f;
  x = (x | (x >>> 4)) & 0x00ff00ff;
  return (x | (x >>> 8)) & 0xffff;
}
