// One octet of a pack is not as it was, and it is found.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exitNameOf } from "../../src/errors.ts";
import { verifyArchive } from "../../src/jobs/verify.ts";

/** What verify says of the pack with this octet changed. */
export async function verifyFlipped(file: string, folder: string, at: number, bits: number): Promise<string[]> {
  const octets = readFileSync(file);
  octets[at] = (octets[at] ?? 0) ^ bits;
  const flipped = join(folder, "flipped");
  writeFileSync(flipped, octets);
  try {
    const { problems } = await verifyArchive(flipped);
    return problems.map(({ code = "V901", key = "" }) => `${code} ${key}`.trim());
  } catch (error) {
    if (exitNameOf(error) !== "damaged") throw error;
    return [`${(error as { code: string }).code} at once`];
  }
}
