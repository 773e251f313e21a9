export type PackFormat = "zip" | "tar.gz";

const starts: readonly (readonly [PackFormat, Buffer])[] = [
  ["zip", Buffer.from("504b0304", "hex")],
  ["tar.gz", Buffer.from("1f8b", "hex")],
];

/** By its first octets; undefined for what can't be a pack. */
export function detectFormat(head: Uint8Array): PackFormat | undefined {
  return starts.find(([, start]) => start.equals(head.subarray(0, start.length)))?.[0];
}
