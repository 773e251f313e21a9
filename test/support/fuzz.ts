// Seeded fuzzing for the deep run. fast-check prints seed, path and the shortest counterexample when a property fails;
// FUZZ_SEED takes another seed, FUZZ_FACTOR that many times as many runs.

import fc from "fast-check";
import { swept } from "./sweep-counts.ts";

const seed = Number(process.env.FUZZ_SEED ?? 20_261_126);
const factor = Number(process.env.FUZZ_FACTOR ?? 1);

export async function fuzz<T>(runs: number, arbitrary: fc.Arbitrary<T>, holds: (value: T) => void | Promise<void>) {
  const numRuns = Math.max(1, Math.round(runs * factor));
  const property = fc.asyncProperty(arbitrary, async (value) => {
    const result = holds(value);
    if (result !== undefined) await result;
  });
  await fc.assert(property, { seed, numRuns });
  swept("fuzz runs", numRuns);
}

/** Octets in which any of these pieces, one character an octet, are as likely as any octet. */
export function octetsOf(pieces: readonly string[], maxLength = 40): fc.Arbitrary<Buffer> {
  const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  return fc
    .array(fc.oneof(fc.constantFrom(...pieces), octet), { maxLength })
    .map((parts) => Buffer.from(parts.join(""), "latin1"));
}

/** The same octets in pieces that end at these places; each in memory of its own, as from a socket. */
export function* cutAt(octets: Buffer, cuts: readonly number[]): Generator<Buffer> {
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % (octets.length + 1)).sort((a, b) => a - b), octets.length]) {
    yield Buffer.from(octets.subarray(from, to));
    from = to;
  }
}

export const cuts = fc.array(fc.nat(), { maxLength: 12 });

/** What may happen to a file: it is torn, or octets of it are flipped, lost, doubled, or others come in between. */
export type Damage =
  | { readonly how: "torn"; readonly at: number }
  | { readonly how: "flipped"; readonly at: number; readonly bits: number }
  | { readonly how: "lost" | "doubled"; readonly at: number; readonly length: number }
  | { readonly how: "inserted"; readonly at: number; readonly octets: Buffer };

export function damages(pieces: readonly string[]): fc.Arbitrary<Damage> {
  const at = fc.nat();
  return fc.oneof(
    fc.record({ how: fc.constant("torn" as const), at }),
    fc.record({ how: fc.constant("flipped" as const), at, bits: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ how: fc.constantFrom("lost" as const, "doubled" as const), at, length: fc.nat(300) }),
    fc.record({ how: fc.constant("inserted" as const), at, octets: octetsOf(pieces, 6) }),
  );
}

export function damage(octets: Buffer, done: Damage): Buffer {
  const at = done.at % (octets.length + 1);
  const [before, behind] = [octets.subarray(0, at), octets.subarray(at)];
  switch (done.how) {
    case "torn":
      return before;
    case "flipped":
      return Buffer.concat([before, behind.map((octet, index) => (index === 0 ? octet ^ done.bits : octet))]);
    case "lost":
      return Buffer.concat([before, behind.subarray(done.length)]);
    case "doubled":
      return Buffer.concat([before, behind.subarray(0, done.length), behind]);
    case "inserted":
      return Buffer.concat([before, done.octets, behind]);
  }
}
