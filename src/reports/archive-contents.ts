// What an archive holds by its ledgers: sums, counts for each month, and the biggest messages. However many messages there
// are, only the months and the biggest few are kept.

import { setImmediate } from "node:timers/promises";
import { MailferryError } from "../errors.ts";
import type { Stored } from "../message.ts";
import { type MailFormat, type Owner, readArchive } from "../storage/archive.ts";

export interface ArchiveContents {
  /** Its folder. */
  readonly directory: string;
  readonly format: MailFormat;
  readonly account: Owner;
  readonly mailboxes: number;
  readonly messages: number;
  /** Of the messages as they were at the source. */
  readonly octets: number;
  /** Messages by the month of their INTERNALDATE (UTC): `year * 12 + month`, January being 0. */
  readonly months: ReadonlyMap<number, number>;
  /** Messages without a date, or with one that can't be. */
  readonly undated: number;
  readonly first: Date | undefined;
  readonly last: Date | undefined;
  /** The biggest first. */
  readonly biggest: readonly BigMessage[];
  /** Ledgers that can't be read, whole or in part. */
  readonly damaged: number;
}

export interface BigMessage {
  readonly mailbox: readonly string[];
  readonly key: string;
  readonly size: number;
  readonly date: Date | undefined;
}

const mostBig = 20;
/** Others get their turn after so many messages. */
const turn = 20_000;
/** Before there was mail; a clock that was never set says 1970. */
const earliest = Date.UTC(1971, 0);
const dayMs = 86_400_000;

/** Dates later than `now` (a day is nothing) are none that can be. Rejects if there is no archive that can be read. */
export async function surveyArchive(directory: string, now: Date): Promise<ArchiveContents> {
  await using archive = await readArchive(directory);
  const months = new Map<number, number>();
  const biggest: BigMessage[] = [];
  let [messages, octets, undated, damaged] = [0, 0, 0, archive.damaged.length];
  let [first, last]: (number | undefined)[] = [];
  const latest = now.getTime() + dayMs;
  const mailboxes = archive.mailboxes();
  const take = (mailbox: readonly string[], { key, size, internalDate }: Stored) => {
    messages++;
    octets += size;
    const time = internalDate?.getTime() ?? Number.NaN;
    const isDated = time >= earliest && time <= latest;
    if (isDated) {
      const month = monthOf(new Date(time));
      months.set(month, (months.get(month) ?? 0) + 1);
      if (first === undefined || time < first) first = time;
      if (last === undefined || time > last) last = time;
    } else undated++;
    keepBig(biggest, { mailbox, key, size, date: isDated ? internalDate : undefined });
  };
  for (const { path } of mailboxes) {
    try {
      await using ledger = await archive.readLedger({ path });
      if (ledger?.hasBrokenEnd) damaged++;
      for (const stored of ledger?.all() ?? []) {
        take(path, stored);
        if (messages % turn === 0) await setImmediate();
      }
    } catch (error) {
      if (!(error instanceof MailferryError) || error.code !== "V901") throw error;
      damaged++;
    }
  }
  return {
    directory,
    format: archive.marker.mail,
    account: archive.marker.account,
    mailboxes: mailboxes.length,
    messages,
    octets,
    months,
    undated,
    first: first === undefined ? undefined : new Date(first),
    last: last === undefined ? undefined : new Date(last),
    biggest,
    damaged,
  };
}

/** `year * 12 + month`, January being 0. */
export function monthOf(date: Date): number {
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** `biggest` stays sorted and short. Of equal ones those that came first stay. */
function keepBig(biggest: BigMessage[], message: BigMessage): void {
  const smallest = biggest.at(-1);
  if (biggest.length === mostBig && smallest !== undefined && message.size <= smallest.size) return;
  const place = biggest.findIndex(({ size }) => size < message.size);
  biggest.splice(place < 0 ? biggest.length : place, 0, message);
  if (biggest.length > mostBig) biggest.pop();
}
