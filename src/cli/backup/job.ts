// The account and the job of a backup, as a job file would have them.

import type { Account } from "../../account.ts";
import type { ArchiveFormat, Job, LoadedJobFile } from "../../jobs/job.ts";
import type { Invocation } from "../invocation.ts";
import type { ProvenServer } from "./flags.ts";
import type { Password } from "./password.ts";

/** The defaults of a job file. */
const usual = { concurrency: 4, connections: 4, timeoutMs: 60_000, retry: { attempts: 5, maxWaitMs: 600_000 } };

/** What the job is called on screen and in what is remembered of its runs. */
export const jobName = "backup";

export function accountOf({ settings, provider }: ProvenServer, user: string, password: Password): Account {
  const { protocol, host, port, tls } = settings;
  const { connections = usual.connections, octetsPerDay } = provider?.limits ?? {};
  return {
    protocol,
    host,
    port,
    tls,
    user,
    auth: "auto",
    secret: async () => password.secret,
    secretPlace: password.place,
    timeoutMs: usual.timeoutMs,
    connections: Math.min(usual.connections, connections),
    ...(protocol === "imap" && octetsPerDay !== undefined ? { dailyLimit: octetsPerDay } : {}),
  };
}

export function jobOf(from: Account, archive: string, format: ArchiveFormat): Job {
  return {
    name: jobName,
    from,
    to: { archive, format },
    mailboxes: { include: ["*"], exclude: [], map: [] },
    filter: {},
    verify: "after",
    retry: usual.retry,
  };
}

/** The job file that nobody has written, for what is done with the report of a run. */
export function fileOf(job: Job, account: Account, { language }: Invocation): LoadedJobFile {
  return {
    file: "",
    concurrency: usual.concurrency,
    jobs: [job],
    language,
    report: {},
    accounts: new Map([[jobName, { account, password: { env: "" } }]]),
  };
}
