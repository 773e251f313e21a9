// The documents of `account add`, `account list` and `account test`; see documents.ts.

import type { Account } from "../account.ts";
import type { Ability } from "../jobs/abilities.ts";
import type { Channel, Quota, StepName, SurveyedMailbox } from "../jobs/account-test.ts";
import type { ReportedError } from "../jobs/events.ts";
import type { SecretRef } from "../jobs/job.ts";
import type { Head } from "./document-head.ts";

/** An account as the job file has it. */
interface AccountKeys extends Pick<Account, "protocol" | "host" | "user"> {
  /** Its name in the job file. */
  readonly name: string;
}

/** `account add --json`. */
export interface AccountAddDocument extends Head<"account add"> {
  /** The job file. */
  readonly file: string;
  /** It was not there before. */
  readonly isNew: boolean;
  /** What was written; what is left out is the default. */
  readonly account: AccountKeys & {
    readonly port?: number;
    readonly tls?: Account["tls"];
    /** Where it is kept, never the password. */
    readonly password: SecretRef;
  };
  /** The job that a new job file has. */
  readonly job: string | null;
}

/** `account list --json`. */
export interface AccountListDocument extends Head<"account list"> {
  /** The job file. */
  readonly file: string;
  readonly accounts: readonly (AccountKeys & {
    readonly port: number;
    readonly tls: Account["tls"];
    /** Where it is kept, never the password; of a command the program alone. */
    readonly password: SecretRef;
    /** Which jobs read from it or write to it. */
    readonly jobs: readonly string[];
  })[];
}

/** What a step of `account test` has found. Texts of servers are as they came. */
type AccountStepDocument = {
  readonly seconds: number;
} & (
  | ({ readonly level: "ok" | "info" | "warning" } & (
      | { readonly step: "address"; readonly addresses: readonly string[] }
      | { readonly step: "connection"; readonly address: string; readonly port: number }
      | {
          readonly step: "encryption";
          /** Left out where nothing is encrypted. */
          readonly channel?: Omit<Channel, "validTo"> & {
            /** ISO 8601, UTC; null where the certificate has none that can be read. */
            readonly validTo: string | null;
          };
          /** Until the certificate ends. */
          readonly days?: number;
        }
      | { readonly step: "greeting"; readonly words: string }
      | { readonly step: "log-in"; readonly user: string }
      | { readonly step: "mailboxes"; readonly mailboxes: readonly SurveyedMailbox[]; readonly quota?: Quota }
      | {
          readonly step: "abilities";
          readonly abilities: readonly Ability[];
          readonly capabilities: readonly string[];
        }
    ))
  | {
      readonly level: "error";
      readonly step: StepName;
      readonly error: Pick<ReportedError, "code" | "message" | "remedy">;
    }
);

/** `account test --json`. */
export interface AccountTestDocument extends Head<"account test"> {
  readonly accounts: readonly (AccountKeys & {
    readonly port: number;
    readonly tls: Account["tls"];
    readonly verdict: "safe" | "failed";
    /** As far as they apply; the first that fails is the last. */
    readonly steps: readonly AccountStepDocument[];
  })[];
}
