// Which mailboxes the reports of earlier runs tell of: a name on the disk that was shortened is understood by them, and mail
// that has lost its ledger is known to have had one.

import { join } from "node:path";
import { namesIn } from "./read-folder.ts";
import { readText } from "./read-text.ts";

/** The newest are enough: each tells of all mailboxes of its job. */
const mostRead = 30;

/**
 * Each by its path as JSON, with the most that any of the reports has: an archive never loses a message, and a run that held
 * because its ledger was gone has reported none.
 */
export async function listReported(directory: string): Promise<Map<string, ReportedMailbox>> {
  const most = new Map<string, ReportedMailbox>();
  for await (const report of readReports(directory)) {
    for (const one of report) {
      const key = JSON.stringify(one.path);
      if ((most.get(key)?.stored ?? -1) < one.stored) most.set(key, one);
    }
  }
  return most;
}

export interface ReportedMailbox {
  readonly path: readonly string[];
  /** How many messages the archive held of it at least. */
  readonly stored: number;
}

/** The mailboxes of each of the newest reports, the newest first. What can't be understood is passed over. */
async function* readReports(directory: string): AsyncGenerator<readonly ReportedMailbox[], void, undefined> {
  const folder = join(directory, "runs");
  const names = await namesIn(folder);
  const reports = names.filter((name) => name.endsWith(".json") && !name.startsWith("."));
  for (const name of reports.sort().reverse().slice(0, mostRead)) {
    yield mailboxesOf((await readText(join(folder, name))) ?? "");
  }
}

function mailboxesOf(text: string): ReportedMailbox[] {
  try {
    const { mailboxes = [] } = JSON.parse(text) as { readonly mailboxes?: readonly Record<string, unknown>[] };
    return mailboxes.flatMap(({ path, inArchive, kept }) => {
      if (!Array.isArray(path) || !path.every((name) => typeof name === "string") || path.length === 0) return [];
      return [{ path, stored: numberOf(inArchive) + numberOf(kept) }];
    });
  } catch {
    return [];
  }
}

function numberOf(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
}
