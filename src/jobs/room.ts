// Whether what a run has to bring fits on the disk it goes to: the sizes that the source lists against what is free there,
// before the first octet. A warning and no more: what fits is brought, and the next run goes on.
//
// What is still to come is known of the mailboxes that have been listed, so the sum is held against the disk each time one
// more is, before any of its messages is asked for; a rehearsal lists them all, and tells the sum of them all.

import { dirname } from "node:path";
import { printable } from "../formats/printable.ts";
import { formatSize } from "../formats/sizes.ts";
import { type FreeSpace, freeSpace } from "../storage/free-space.ts";
import type { JobEvent, Reporter } from "./events.ts";
import type { Job } from "./job.ts";

/** For a ledger that is written anew beside itself, the reports of the run, and what the file system takes for itself. */
const reserve = 16 * 1024 * 1024;
/** Of a message in an mbox file: its From_ line, quotes, its place in the ledger. */
const besideMessage = 512;

export interface RoomWatch {
  /** To be told of all that happens; passes it on, and what there is to say. */
  readonly report: Reporter;
  /** To be called when all mailboxes were listed. */
  end(): void;
}

/** Of a job whose target is not on a disk there is nothing to say. */
export function watchRoom(job: Pick<Job, "name" | "to">, isRehearsal: boolean, report: Reporter): RoomWatch {
  const target = placeOf(job.to);
  if (target === undefined) return { report, end() {} };
  const toCome = new Map<string, { messages: number; octets: number }>();
  let isSaid = false;
  const look = () => {
    if (isSaid) return;
    const free = freeSpace(target.path);
    if (free === undefined) return;
    let needed = 0;
    for (const { messages, octets } of toCome.values()) needed += octets + messages * beside(target, free);
    if (needed === 0 || needed + reserve <= free.octets) return;
    isSaid = true;
    const reason = reasonFor(target.path, needed, free, isRehearsal);
    report({ type: "notice", job: job.name, notice: { code: "D501", mailbox: [], reason } });
  };
  return {
    report(event) {
      report(event);
      take(event, toCome);
      if (event.type === "mailbox-listed" && event.toCopy > 0 && !isRehearsal) look();
    },
    end() {
      if (isRehearsal) look();
    },
  };
}

function take(event: JobEvent, toCome: Map<string, { messages: number; octets: number }>): void {
  if (event.type !== "mailbox-listed" && event.type !== "batch-committed") return;
  const key = JSON.stringify(event.mailbox);
  if (event.type === "mailbox-listed") {
    // Listed again, after a break: what has come meanwhile is not among it.
    toCome.set(key, { messages: event.toCopy, octets: event.octets });
    return;
  }
  const rest = toCome.get(key);
  if (rest === undefined) return;
  rest.messages = Math.max(0, rest.messages - event.stored);
  rest.octets = Math.max(0, rest.octets - event.octets);
}

interface Place {
  readonly path: string;
  readonly format: "mbox" | "maildir";
}

function placeOf(to: Job["to"]): Place | undefined {
  if ("archive" in to) return { path: to.archive, format: to.format };
  if ("maildir" in to) return { path: to.maildir, format: "maildir" };
  return "mbox" in to ? { path: dirname(to.mbox), format: "mbox" } : undefined;
}

/** A file takes whole blocks: half of one is lost as a rule, and its name and its line in the ledger take less than the other half. */
function beside({ format }: Place, { block }: FreeSpace): number {
  return format === "mbox" ? besideMessage : block;
}

function reasonFor(path: string, needed: number, { octets }: FreeSpace, isRehearsal: boolean): string {
  const toCome = `${formatSize(needed)} ${isRehearsal ? "are to be brought" : "are still to be brought, as far as mailboxes are listed"}`;
  const next = isRehearsal ? "make room first" : "what fits is brought; with more room the next run brings the rest";
  return `${printable(path)} has room for ${formatSize(octets)} and ${toCome}: ${next}`;
}
