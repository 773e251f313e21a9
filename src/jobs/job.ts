// What a job file becomes: parsed once, complete, with paths absolute and secrets still behind a door.

import type { Account, TlsMode } from "../account.ts";
import type { Language } from "../language/language.ts";
import type { KeepRules } from "../packs/retention.ts";
import type { LocalMail } from "../sources/source.ts";

export type ArchiveFormat = "mbox" | "maildir";

/** Which mailboxes a job carries, and under which path. Patterns are globs on decoded paths joined with `/`, or a special-use such as `\Junk`. */
export interface MailboxSelection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** In the order of the job file; the first pattern that matches decides. */
  readonly map: readonly (readonly [pattern: string, target: string])[];
  /**
   * Whether a mailbox goes to the target's mailbox of the same use, whatever either is called: Envoyés to Sent. Only where
   * the target is an account, and yes there unless said otherwise.
   */
  readonly specialUse?: boolean | undefined;
}

/** A message is carried if it passes all that is set. */
export interface MessageFilter {
  /** INTERNALDATE not before this instant. */
  readonly since?: Date | undefined;
  /** INTERNALDATE before this instant. */
  readonly before?: Date | undefined;
  /** Octets. */
  readonly maxSize?: number | undefined;
  /** Only messages without `\Seen` (true), or only those with it (false). */
  readonly unseen?: boolean | undefined;
}

/** Where a job's mail comes from: an account, or mail on this machine (absolute paths). */
export type Origin = Account | LocalMail;

/** Where a job's mail goes to (absolute paths). */
export type Destination =
  | { readonly archive: string; readonly format: ArchiveFormat }
  | {
      /** IMAP. */
      readonly account: Account;
      /** The mailbox that all mailboxes go below; empty for none. */
      readonly under: readonly string[];
      /** Folder for messages that the target refused or altered, as `.eml` files. */
      readonly keepRefused?: string | undefined;
    }
  /** A Maildir with Maildir++ folders, or one mbox file: what `restore` writes. */
  | { readonly maildir: string }
  | { readonly mbox: string };

/** A program and its arguments; no shell is asked. */
export type Command = readonly [program: string, ...args: string[]];

/** Dated, closed copies of an archive. */
export interface PackPlan {
  readonly as: "zip" | "tar.gz";
  /** A new one with the first run of each of these. */
  readonly every: "run" | "day" | "week" | "month" | "year";
  /** The folder they go to (absolute). */
  readonly to: string;
}

export interface Hooks {
  readonly before?: Command | undefined;
  readonly after?: Command | undefined;
  readonly onFailure?: Command | undefined;
}

export interface Job {
  readonly name: string;
  readonly from: Origin;
  readonly to: Destination;
  readonly mailboxes: MailboxSelection;
  readonly filter: MessageFilter;
  readonly verify: "after" | "never";
  readonly retry: { readonly attempts: number; readonly maxWaitMs: number };
  /** A cron line of five fields. */
  readonly schedule?: string | undefined;
  /** Of `schedule`, and of the days that packs are named after; undefined: this machine's. */
  readonly timeZone?: string | undefined;
  readonly pack?: PackPlan | undefined;
  /** Undefined: all packs are kept. */
  readonly retention?: KeepRules | undefined;
  /** Where this does not hold the run is skipped. The path is absolute. */
  readonly when?: { readonly pathExists?: string | undefined } | undefined;
  readonly staleAfterMs?: number | undefined;
  readonly hooks?: Hooks | undefined;
  /** Where the commands of `hooks` start: the folder of the job file. */
  readonly baseDir?: string | undefined;
  /** The environment of these commands: the program's, without what holds a secret of the job file. */
  readonly hookEnv?: (() => Readonly<Record<string, string | undefined>>) | undefined;
}

/** What is written of each run, beside its record (absolute paths). */
export interface ReportPlan {
  readonly html?: string | undefined;
  readonly metrics?: string | undefined;
}

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly login?: { readonly user: string; readonly secret: () => Promise<string> } | undefined;
  /** PEM text. */
  readonly tlsCa?: string | undefined;
}

export interface NotifyPlan {
  readonly when: ReadonlySet<"failure" | "overdue" | "recovered" | "success">;
  readonly onlyScheduled: boolean;
  readonly email?: { readonly to: readonly string[]; readonly from: string; readonly smtp: SmtpServer } | undefined;
  readonly ping?: { readonly url: string } | undefined;
  readonly ntfy?:
    | { readonly url: string; readonly topic: string; readonly secret?: (() => Promise<string>) | undefined }
    | undefined;
  readonly webhook: readonly { readonly url: string }[];
}

export interface JobFile {
  /** Most mailboxes at work at once, over all jobs. */
  readonly concurrency: number;
  readonly jobs: readonly Job[];
  readonly language: Language;
  readonly report: ReportPlan;
  readonly notify?: NotifyPlan | undefined;
}

/** Where a password is, as the job file tells it. */
export type SecretRef =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly command: readonly [program: string, ...args: string[]] }
  /** An entry of the system's keyring. */
  | { readonly keyring: string }
  /** A file of systemd's, in `$CREDENTIALS_DIRECTORY`. */
  | { readonly credential: string };

/** A job file with what its commands need beside the jobs: the accounts by name, and where each password is. */
export interface LoadedJobFile extends JobFile {
  /** As it was given. */
  readonly file: string;
  readonly accounts: ReadonlyMap<string, { readonly account: Account; readonly password: SecretRef }>;
}
