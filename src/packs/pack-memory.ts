// What is remembered of a job's packs, beside them. It may have been changed since, by anybody.

export interface RememberedPack {
  readonly file: string;
  /** When it was written; or found, where the run that wrote it died before it could say so. */
  readonly octets: number;
  /** Absent of a pack that was found. */
  readonly sha256?: string | undefined;
}

export interface PackMemory {
  readonly job: string;
  /** The `id` in the marker of the archive that is packed. */
  readonly archive: string;
  /** By name, so the oldest first. */
  readonly packs: readonly RememberedPack[];
}

/** Undefined if the text is none. */
export function parsePackMemory(text: string): PackMemory | undefined {
  try {
    const { job, archive, packs } = JSON.parse(text) as { [Key in keyof PackMemory]?: unknown };
    const isWhole = typeof job === "string" && typeof archive === "string" && Array.isArray(packs);
    return isWhole && packs.every(isPack) ? { job, archive, packs } : undefined;
  } catch {
    return undefined;
  }
}

function isPack(value: unknown): value is RememberedPack {
  if (typeof value !== "object" || value === null) return false;
  const { file, octets, sha256 } = value as { [Key in keyof RememberedPack]?: unknown };
  return typeof file === "string" && Number.isSafeInteger(octets) && ["string", "undefined"].includes(typeof sha256);
}
