// The marker of an archive, or what can be told without it.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { type MailFormat, type Marker, markerName, readMarker } from "./archive.ts";
import { isFolder } from "./read-folder.ts";
import { readText } from "./read-text.ts";

export interface FoundMarker {
  /** Undefined if it is missing, or can't be understood. */
  readonly marker: Marker | undefined;
  readonly mail: MailFormat;
  /** What is wrong with it, as a clause. */
  readonly fault: string | undefined;
}

/** Throws D506 as `readMarker` does for a folder that has no mail of an archive either. */
export async function findMarker(directory: string): Promise<FoundMarker> {
  let fault: unknown;
  try {
    const marker = await readMarker(directory);
    if (marker !== undefined) return { marker, mail: marker.mail, fault: undefined };
    fault = new MailferryError("D506", "there is none", { scope: "session", retry: "never" });
  } catch (error) {
    if (!(error instanceof MailferryError) || error.code !== "D506") throw error;
    if (await isOfLaterVersion(join(directory, markerName))) throw error;
    fault = error;
  }
  const hasLedgers = await isFolder(join(directory, "ledger"));
  const formats = (["mbox", "maildir"] as const).map(async (mail) => [mail, await isFolder(join(directory, mail))]);
  const [mail, ...others] = (await Promise.all(formats)).flatMap(([format, isThere]) => (isThere ? [format] : []));
  if (!hasLedgers || mail === undefined || others.length > 0) throw fault;
  const isThere = await stat(join(directory, markerName)).then(
    () => true,
    () => false,
  );
  return {
    marker: undefined,
    mail: mail as MailFormat,
    fault: isThere ? `${markerName} is not what mailferry wrote` : `${markerName} is missing`,
  };
}

/** Then it is right, and not for this version to change. */
async function isOfLaterVersion(path: string): Promise<boolean> {
  try {
    const { archive } = JSON.parse((await readText(path)) ?? "") as { readonly archive?: unknown };
    return typeof archive === "number" && archive > 2;
  } catch {
    return false;
  }
}
