// How long a message may be that a server says is so long. What comes counts, not what was said; but a message without
// end must not fill the disk.

const MiB = 1024 * 1024;
const slack = 32 * MiB;
const largestUnknown = 4 * 1024 * MiB;

/** Octets, where the server says `size`, or nothing; some say 0 of every message. */
export function mostContent(size: number | undefined): number {
  return size === undefined || size === 0 ? largestUnknown : 2 * size + slack;
}
