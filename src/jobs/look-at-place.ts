// A folder that a backup may go to: what lies there, and what its disk can hold. Nothing is changed.

import { readMarker } from "../storage/archive.ts";
import { type DiskKind, diskKind } from "../storage/disk-kind.ts";
import { freeSpace } from "../storage/free-space.ts";
import type { ArchiveFormat } from "./job.ts";

export interface LookedAtPlace {
  /** Of the archive that lies there; undefined where none does, and one can be made. */
  readonly archive:
    | { readonly format: ArchiveFormat; readonly protocol: string; readonly host: string; readonly user: string }
    | undefined;
  /** Octets; undefined where the system does not tell. */
  readonly free: number | undefined;
  /** What its file system can't hold; undefined where nothing is known. */
  readonly disk: DiskKind | undefined;
}

/** Rejects with D506 where something else lies in the folder, and with D502 if it can't be looked at. */
export async function lookAtPlace(path: string): Promise<LookedAtPlace> {
  const marker = await readMarker(path);
  return {
    archive: marker && { format: marker.mail, ...marker.account },
    free: freeSpace(path)?.octets,
    disk: diskKind(path),
  };
}
