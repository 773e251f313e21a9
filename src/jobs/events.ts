// What the engine tells whoever listens: bars, plain lines, JSON lines and reports are all made from these.

import type { Failure } from "../message.ts";

export type JobEvent =
  | { readonly type: "job-started"; readonly job: string; readonly from: string; readonly to: string }
  | {
      readonly type: "mailbox-listed";
      readonly job: string;
      readonly mailbox: readonly string[];
      readonly onServer: number;
      readonly toCopy: number;
      readonly octets: number;
    }
  /** S601: the server has given all messages of the mailbox new keys; what is archived is recognised by content. */
  | { readonly type: "keys-void"; readonly job: string; readonly mailbox: readonly string[]; readonly code: "S601" }
  /** Octets of message bodies that arrived, as they arrive. */
  | { readonly type: "octets-read"; readonly job: string; readonly mailbox: readonly string[]; readonly octets: number }
  /** A batch is durable and in the ledger. */
  | {
      readonly type: "batch-committed";
      readonly job: string;
      readonly mailbox: readonly string[];
      readonly stored: number;
      readonly octets: number;
    }
  | {
      readonly type: "message-failed";
      readonly job: string;
      readonly mailbox: readonly string[];
      readonly failure: Failure;
    }
  | {
      readonly type: "retrying";
      readonly job: string;
      readonly mailbox: readonly string[];
      readonly code: string;
      readonly reason: string;
      readonly attempt: number;
    }
  /** Flags that changed at the source are now the same where the mail is kept. */
  | {
      readonly type: "flags-carried";
      readonly job: string;
      readonly mailbox: readonly string[];
      readonly messages: number;
    }
  /** Worth knowing, nothing is missing for it. */
  | { readonly type: "notice"; readonly job: string; readonly notice: JobFailure }
  | { readonly type: "mailbox-finished"; readonly job: string; readonly report: MailboxReport }
  | { readonly type: "verifying"; readonly job: string; readonly messages: number }
  /** A command of the job is about to be run. */
  | {
      readonly type: "hook-started";
      readonly job: string;
      readonly hook: "before" | "after" | "onFailure";
      readonly program: string;
    }
  /** A pack of the archive is being written and read back. */
  | { readonly type: "packing"; readonly job: string; readonly file: string }
  | { readonly type: "job-finished"; readonly job: string; readonly report: JobReport };

export type Reporter = (event: JobEvent) => void;

export type Verdict = "safe" | "incomplete" | "failed" | "rehearsal" | "skipped";

/** `onServer = inArchive + missing`, always. */
export interface MailboxReport {
  readonly path: readonly string[];
  /** Messages on the server now that the job is to carry. */
  readonly onServer: number;
  /** How many of these are in the archive. */
  readonly inArchive: number;
  /** How many of these were brought by this run. */
  readonly new: number;
  readonly missing: number;
  /** In the archive, no longer on the server. */
  readonly kept: number;
  /** On the server, left out by the job's filter; not counted in `onServer`. */
  readonly filtered: number;
  /** On the server, but carried in another mailbox: Gmail shows a message under each of its labels. Absent means none. */
  readonly placed?: number | undefined;
  /** At the source, where that is another path. */
  readonly source?: readonly string[] | undefined;
  /** Of those in the archive: how many the store rewrote (M404). Absent means none. */
  readonly altered?: number | undefined;
  /** Messages with flags that the store can't keep. Absent means none. */
  readonly unkept?: number | undefined;
  /** Messages whose changed flags were carried by this run. Absent means none. */
  readonly reflagged?: number | undefined;
  /** Messages that this run found at the target, brought there by something else or by a run that died. Absent means none. */
  readonly found?: number | undefined;
  /** Messages whose octets another message of the mailbox has too; each is kept. Absent means none. */
  readonly twins?: number | undefined;
}

/** Where a mailbox goes, and why there. */
export interface MappedMailbox {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** `same`: the same path. `map`: the job says so. `special-use`, `name`: both are Sent, or Trash, by attribute or by name. `before`: as in earlier passes. `renamed`: the name was taken, or can't be used there. */
  readonly why: "same" | "map" | "special-use" | "name" | "before" | "renamed";
  /** False if the run creates it. */
  readonly exists: boolean;
}

export interface JobFailure {
  readonly code: string;
  readonly mailbox: readonly string[];
  /** Absent where the whole mailbox could not be read. */
  readonly key?: string | undefined;
  readonly reason: string;
}

/** What became of the packs of a job's archive; of a rehearsal, what would. Files are named without their folder. */
export interface PackReport {
  /** The folder of the packs (absolute). */
  readonly to: string;
  /** By this run, and read back whole. */
  readonly written?:
    | { readonly file: string; readonly octets: number; readonly messages: number; readonly sha256: string }
    | undefined;
  /** What a run now would write; empty where its name can't be told yet. Only in a rehearsal. */
  readonly planned?: string | undefined;
  /** None was due: the first day (YYYY-MM-DD, in the job's time zone) on which one is. */
  readonly notDueUntil?: string | undefined;
  /** One was due and is left to a later run: why, as a clause. */
  readonly heldBack?: string | undefined;
  /** The newest first, with the rules that keep each: last, daily, weekly, monthly, yearly; `later` if it is dated after this run. None: all are kept, or no rule was asked. */
  readonly kept: readonly { readonly file: string; readonly why: readonly string[] }[];
  /** The newest first. */
  readonly removed: readonly { readonly file: string; readonly why: string }[];
  /** What went wrong with the packs. The mail is as safe as it was. */
  readonly error?: ReportedError | undefined;
}

export interface JobReport {
  readonly name: string;
  readonly verdict: Verdict;
  readonly exit: { readonly code: number; readonly name: string };
  readonly from: string;
  readonly to: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly mailboxes: readonly MailboxReport[];
  readonly messages: { readonly copied: number; readonly settled: number; readonly failed: number };
  /** Of message bodies that came over the wire in this run. */
  readonly octets: number;
  /** Of the messages this run wrote: how many were read again, how many of these were intact. Absent if not asked for. */
  readonly verified?: { readonly checked: number; readonly intact: number } | undefined;
  readonly failures: readonly JobFailure[];
  /** Worth knowing; nothing is missing for it. Absent means none. */
  readonly notices?: readonly JobFailure[] | undefined;
  /** Of a job into an account: where each mailbox goes. */
  readonly mapping?: readonly MappedMailbox[] | undefined;
  /** Of a job that packs its archive and came that far. */
  readonly pack?: PackReport | undefined;
  /** What stopped the job before its end. */
  readonly error?: ReportedError | undefined;
  /** Why the run was skipped, as a clause that is safe to print. */
  readonly skipped?: string | undefined;
  /** Commands of the job that a rehearsal leaves out. Absent means none. */
  readonly hooksLeftOut?: readonly string[] | undefined;
}

export interface ReportedError {
  readonly code: string;
  /** One line, safe to print. */
  readonly message: string;
  readonly remedy?: string | undefined;
  /** Where in the program, if it is a bug. */
  readonly trace?: readonly string[] | undefined;
}

/** The one JSON document of `run --json`. */
export interface RunReport {
  readonly v: 1;
  readonly command: string;
  readonly verdict: Verdict;
  readonly exit: { readonly code: number; readonly name: string };
  readonly jobs: readonly JobReport[];
  /** What kept the command from starting a job at all. */
  readonly error?: ReportedError | undefined;
}
