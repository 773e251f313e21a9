// Octets for people, in decimal units, as disk makers and mail providers count.

const units = [
  ["B", 1],
  ["kB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
] as const;

/** `2.5 GB`: exact enough to be recognised. */
export function formatSize(octets: number): string {
  const [unit, factor] = units.findLast(([, each]) => octets >= each) ?? units[0];
  return `${Number((octets / factor).toFixed(2))} ${unit}`;
}
