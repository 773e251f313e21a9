// A folder that a backup may go to: what lies there, and what its disk can hold. Nothing is changed.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { markerName, readMarker } from "../storage/archive.ts";
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

/** Throws D505 where the archive of another account lies there, and D504 where the disk can't hold the format. */
export function checkPlace(
  path: string,
  { archive, disk }: LookedAtPlace,
  format: ArchiveFormat,
  isOwn: boolean,
): void {
  const fault = { scope: "session", retry: "never" } as const;
  if (archive !== undefined && !isOwn) {
    const { user, host, protocol } = archive;
    const of = printable(host === "" ? `${user} (${protocol})` : `${user} on ${host} (${protocol})`);
    const remedy = `Give each account a folder of its own; if only the server's name has changed, change it in ${markerName}.`;
    throw new MailferryError("D505", `${printable(path)} is the archive of another account: ${of}`, {
      ...fault,
      remedy,
    });
  }
  if (format === "maildir" && disk?.takesColons === false) {
    const message = `${printable(path)} is on a disk (${disk.name}) that can't hold the file names of a Maildir: they have a colon in them`;
    throw new MailferryError("D504", message, { ...fault, remedy: "Use --format mbox, or a folder on another disk." });
  }
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
