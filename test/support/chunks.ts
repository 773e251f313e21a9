// The same octets in different pieces: what a stream delivers must not depend on where it was cut.

/** Pieces of `size` octets, with an empty one in between; each in memory of its own, as from a socket. */
export function* chunksOf(octets: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) {
    yield Uint8Array.from(octets.subarray(at, at + size));
    if (at === 0) yield new Uint8Array(0);
  }
}

/** Chunk sizes worth trying: the smallest ones for small messages, a few for large ones. */
export function chunkSizes(length: number): number[] {
  if (length <= 600) return [1, 2, 3, 7];
  return length <= 20_000 ? [61] : [65_521];
}

/** All that a stream yields. Each chunk is copied at once, since it may be a view of memory that is used again. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of chunks) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}
