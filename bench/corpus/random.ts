// Random numbers that are the same on every machine and in every run: a corpus is named by its seed.

export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, at least 0 and below `end`. */
  below(end: number): number;
  /** Of the standard normal distribution. */
  normal(): number;
  pick<T>(values: readonly [T, ...T[]]): T;
}

/** Marsaglia's xorshift128, whose state is four words that must not all be zero. */
export function createRandom(seed: number): Random {
  let [x, y, z, w] = [seed | 0, 0x159a55e5, 0x1f123bb5, 0x05491333];
  const next = () => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return (w >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  // Seeds that lie close together differ only after some steps.
  for (let step = 0; step < 20; step += 1) next();
  return {
    next,
    below,
    // Box and Muller; 1 - next() is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (values) => values[below(values.length)] ?? values[0],
  };
}
