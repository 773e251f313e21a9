// Runs of the built program against hostile servers, and what they must come to: an end, in little memory.

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { RunReport } from "../../src/jobs/events.ts";
import { parseDocument } from "./desk.ts";
import { password } from "./job-file.ts";
import { runMeasured } from "./measured-cli.ts";
import { quickFolder } from "./quick-folder.ts";

/** MB. */
export const mostMemory = 256;

/** The largest peak of all runs so far, in MB. */
export let highest = 0;

export interface Ends {
  readonly from: { readonly protocol: "imap" | "pop3"; readonly port: number };
  /** An IMAP server; an archive if there is none. */
  readonly to?: number;
  readonly attempts?: number;
}

export interface Ended {
  readonly code: number | null;
  readonly report: RunReport;
  readonly peak: number;
  readonly cwd: string;
}

/** Runs one job; its time limits are short. */
export async function runHostile({ from, to, attempts = 5 }: Ends, what: string): Promise<Ended> {
  const cwd = quickFolder();
  const path = join(cwd, "jobs.yaml");
  const account = { host: "127.0.0.1", user: "ada", tls: "none", password: { env: "PW" } };
  const file = {
    version: 1,
    defaults: { timeout: "1s", retry: { attempts, maxWait: "10ms" } },
    accounts: {
      from: { ...account, ...from },
      ...(to === undefined ? {} : { to: { ...account, protocol: "imap", port: to } }),
    },
    jobs: [
      {
        name: "job",
        from: "from",
        to: to === undefined ? { archive: "./archive", format: "mbox" } : { account: "to" },
      },
    ],
  };
  writeFileSync(path, JSON.stringify(file));
  chmodSync(path, 0o600);
  const { code, stdout, stderr, peak } = await runMeasured(["run", "--json"], { cwd, env: { PW: password } });
  const report: RunReport = parseDocument(stdout);
  expect(stderr, what).not.toContain("bug");
  if (!Number.isNaN(peak)) {
    highest = Math.max(highest, peak);
    expect(peak, what).toBeLessThan(mostMemory);
  }
  return { code, report, peak, cwd };
}

/** It ended with all there was, or with an error that is not a bug's. */
export function expectAnEnd({ code, report }: Ended, what: string): void {
  const [job] = report.jobs;
  expect([0, 3, 5], `${what}: ${JSON.stringify(job)}`).toContain(code);
  if (code === 0) return;
  const codes = [...(job?.failures ?? []), ...(job?.error === undefined ? [] : [job.error])].map((each) => each.code);
  expect(codes, what).not.toEqual([]);
  for (const each of codes) expect(["N302", "N304", "N307", "S602", "M401", "M403"], what).toContain(each);
}

/** All but one of so many messages are there, and it is said of that one that it could not be read. */
export function expectTheOthers({ code, report }: Ended, messages: number, what: string): void {
  const [job] = report.jobs;
  expect(code, `${what}: ${JSON.stringify(job)}`).toBe(3);
  expect(job?.mailboxes, what).toMatchObject([{ onServer: messages, inArchive: messages - 1, missing: 1 }]);
  expect(job?.failures, what).toMatchObject([{ code: "M401", key: expect.any(String) }]);
}
