// What programs read: the documents of --json and the lines of --events, as types. schemas/*.schema.json are made from these
// and from their comments (npm run schemas); test/cli/documents.test.ts holds what the commands really print against them.

import type { ErrorCode } from "../errors.ts";
import type { CompareReport } from "../jobs/compare.ts";
import type { JobEvent, JobReport, ReportedError, RunReport, Verdict } from "../jobs/events.ts";
import type { ArchiveListing } from "../jobs/listing.ts";
import type { Mistake } from "../jobs/mistakes.ts";
import type { RepairReport } from "../jobs/repair.ts";
import type { VerifyProblem, VerifyReport } from "../jobs/verify-report.ts";
import type { TargetReport } from "../jobs/verify-target.ts";
import type { Explanation } from "../language/codes/explanation.ts";
import type { Stored } from "../message.ts";
import type { DaemonEvent } from "../schedule/daemon.ts";
import type { StatusWarning } from "../schedule/warnings.ts";
import type { AccountAddDocument, AccountListDocument, AccountTestDocument } from "./account-documents.ts";
import type { Shell } from "./completion/shells.ts";
import type { Finding } from "./doctor/finding.ts";
import type { Head } from "./document-head.ts";

/** `run --json` and `restore --json`; also the last line of `--events`. */
export type RunDocument = RunReport;

/** `backup --json`; also the last line of `--events`. */
export interface BackupDocument extends RunReport {
  /** What the account has that the archive lacks; where the two were compared. */
  readonly server?: CompareReport;
}

/** `verify ARCHIVE --json`. */
export interface VerifyDocument extends Head<"verify">, VerifyReport {
  /** With `--server`: what the account has now. */
  readonly server?: CompareReport;
  /** With `--repair`: what was found and done. The rest is as it is afterwards. */
  readonly repair?: RepairReport & { readonly found: readonly VerifyProblem[] };
  /** With `--repair`: what was brought again. */
  readonly run?: Pick<RunReport, "verdict" | "exit" | "jobs">;
}

/** `verify JOB --json`, of a job into an account. */
export interface VerifyMoveDocument extends Head<"verify">, TargetReport {
  readonly server?: CompareReport;
}

/** What is remembered of a run. */
export interface LastRun {
  readonly trigger: "person" | "schedule";
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly verdict: Verdict;
  readonly exit: { readonly code: number; readonly name: string };
  /** Over all mailboxes. */
  readonly totals: {
    readonly onServer: number;
    readonly inArchive: number;
    readonly new: number;
    readonly missing: number;
    readonly kept: number;
  };
  /** Of message bodies that were brought. */
  readonly octets: number;
  /** Of what stopped the run, or of its first failure. */
  readonly code?: string;
}

/** `status --json`. What is not known is null. */
export interface StatusDocument extends Head<"status"> {
  readonly jobs: readonly {
    readonly name: string;
    readonly lastRun: LastRun | null;
    /** When the newest run began whose verdict is safe. ISO 8601, UTC. */
    readonly lastSuccess: string | null;
    /** Since that run ended. */
    readonly ageSeconds: number | null;
    readonly overdue: boolean;
    readonly overdueSince: string | null;
    readonly running: boolean;
    readonly nextRun: string | null;
    /** Kept where the job puts them. */
    readonly messages: number | null;
    /** Brought by the last run. */
    readonly new: number | null;
    /** Of the messages in an archive. */
    readonly octets: number | null;
    readonly warnings: readonly StatusWarning[];
  }[];
}

/** `ls ARCHIVE --json`. */
export interface ListDocument extends Head<"ls">, ArchiveListing {}

/** `ls ARCHIVE MAILBOX --json`. */
export interface ListMailboxDocument extends Head<"ls"> {
  readonly archive: string;
  readonly mailbox: readonly string[];
  readonly messages: readonly Stored[];
}

/** `report --json`. */
export interface ReportDocument extends Head<"report"> {
  /** The newest first, as the runs wrote them. */
  readonly jobs: readonly JobReport[];
}

/** `schedule show --json` and `schedule install --json`. */
export interface ScheduleDocument extends Head<"schedule show" | "schedule install"> {
  readonly scheduler: "systemd" | "launchd" | "cron";
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly jobs: readonly { readonly name: string; readonly nextRun: string | null }[];
  readonly warnings: readonly string[];
  /** What was done, and what is left to do. */
  readonly said?: readonly string[];
}

/** `schedule remove --json`. */
export interface ScheduleRemoveDocument extends Head<"schedule remove"> {
  readonly removed: readonly string[];
  readonly said: readonly string[];
}

/** `config check --json`. */
export interface ConfigCheckDocument extends Head<"config check"> {
  readonly file: string;
  /** Of a file without mistakes. */
  readonly jobs?: readonly string[];
  readonly mistakes: readonly Mistake[];
}

/** `config init --json`. Paths are as they were given, or relative to the folder it was called in. */
export interface ConfigInitDocument extends Head<"config init"> {
  readonly file: string;
  /** For editors, beside the file. */
  readonly schema: string;
}

/** `config show --json`. */
export interface ConfigShowDocument extends Head<"config show"> {
  /** As the file was understood; it follows the job file and may gain keys with it. No secret is in it. */
  readonly config: { readonly [key: string]: unknown };
}

/** `notify test --json`. */
export interface NotifyTestDocument extends Head<"notify test"> {
  readonly channels: readonly {
    readonly channel: string;
    readonly place: string;
    readonly delivered: boolean;
    readonly remark?: string;
  }[];
}

/** `doctor --json`. */
export interface DoctorDocument extends Head<"doctor"> {
  readonly checks: readonly Omit<Finding, "exit">[];
}

/** `explain --json`: every code. */
export interface ExplainListDocument extends Head<"explain"> {
  readonly codes: readonly { readonly code: ErrorCode; readonly title: string }[];
}

/** `explain CODE --json`. */
export interface ExplainDocument extends Head<"explain">, Explanation {
  readonly code: ErrorCode;
  readonly title: string;
}

/** `demo --json`. */
export interface DemoDocument extends Head<"demo"> {
  readonly directory: string;
  readonly passes: readonly RunReport[];
  readonly verifications: readonly VerifyReport[];
}

/** `demo --stay --json`, when the servers run. They end with the process. */
export interface DemoStayDocument extends Head<"demo"> {
  /** Of the account that both servers have. */
  readonly user: string;
  readonly password: string;
  readonly servers: Readonly<Record<"imap" | "pop3", { readonly host: string; readonly port: number }>>;
  /** What to type elsewhere. */
  readonly commands: Readonly<Record<"imap" | "pop3", string>>;
}

/** `completion SHELL --json`. */
export interface CompletionDocument extends Head<"completion"> {
  readonly shell: Shell;
  /** What is printed without `--json`. */
  readonly script: string;
}

/** Of any command that did not get to its own document. */
export interface FailedDocument extends Head<string> {
  readonly verdict: "failed";
  readonly jobs?: readonly [];
  readonly error: ReportedError & { readonly mistakes?: readonly Mistake[] };
}

/** The one document that a command prints on stdout with `--json`. */
export type CommandDocument =
  | RunDocument
  | BackupDocument
  | VerifyDocument
  | VerifyMoveDocument
  | StatusDocument
  | ListDocument
  | ListMailboxDocument
  | ReportDocument
  | ScheduleDocument
  | ScheduleRemoveDocument
  | ConfigCheckDocument
  | ConfigShowDocument
  | ConfigInitDocument
  | AccountAddDocument
  | AccountListDocument
  | AccountTestDocument
  | NotifyTestDocument
  | DoctorDocument
  | ExplainListDocument
  | ExplainDocument
  | DemoDocument
  | DemoStayDocument
  | CompletionDocument
  | FailedDocument;

/** The last line of `run`, `restore` and `backup` with `--events`: the document of `--json`. */
export type RunFinishedEvent = { readonly type: "run-finished" } & (BackupDocument | FailedDocument);

/** A line of `run`, `restore`, `backup` and `daemon` with `--events`, and of `daemon --json`. */
export type EventLine = JobEvent | DaemonEvent | RunFinishedEvent;
