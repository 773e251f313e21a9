// Durations and sizes as people write them: "10m", "25 MB".

export const durationPattern = /^([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(ms|s|m|h|d)$/;
export const sizePattern = /^([0-9]{1,12}(?:\.[0-9]{1,3})?) ?(B|[kK]B|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

const millisecondsPer = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

const octetsPer = new Map([
  ["B", 1],
  ["kB", 1e3],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
  ["TiB", 2 ** 40],
]);

/** Milliseconds; NaN if the text is not a duration. */
export function parseDuration(text: string): number {
  return parseQuantity(text, durationPattern, millisecondsPer);
}

/** Octets; NaN if the text is not a size. kB is 1000 octets, KiB is 1024. */
export function parseSize(text: string): number {
  return parseQuantity(text, sizePattern, octetsPer);
}

function parseQuantity(text: string, pattern: RegExp, factors: ReadonlyMap<string, number>): number {
  const [, amount = "", unit = ""] = pattern.exec(text) ?? [];
  return Math.round(Number.parseFloat(amount) * (factors.get(unit) ?? Number.NaN));
}
