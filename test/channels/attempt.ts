// A run over such a channel, and what of the user and the password could be overheard.

import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import type { Account, Destination, Job, JobReport, Origin } from "../../src/index.ts";
import { runJobs } from "../../src/index.ts";
import { steersTerminals } from "../support/hostile.ts";
import { accountOn, jobTo } from "../support/jobs.ts";
import { startOverhearing } from "../support/overhearing-server.ts";
import type { ChannelCase } from "./channel-case.ts";

const login = { user: "ada.lovelace@example.org", password: 'cAn4ry "pass\\word"' };

export type Role = "source" | "target";

/** Runs a job whose source, or target, the server of the case is, and asserts what must come of it. */
export async function attempt(one: ChannelCase, role: Role, folder: string): Promise<void> {
  const { protocol, server: script, expected, words } = one;
  await using server = await startOverhearing({ protocol, ...script });
  let asked = 0;
  const account = {
    ...accountOn({ protocol, port: server.port, ...login }, { timeoutMs: 5_000, connections: 2 }),
    secret: async () => {
      asked += 1;
      return login.password;
    },
    ...one.account,
  };
  const { jobs } = await runJobs([jobOf(account, role, folder)], {
    concurrency: 2,
    stateDirectory: join(folder, "state"),
  });
  const [report] = jobs;
  if (report === undefined) throw new Error("no report");
  const seen = traces(account.user).filter((trace) => server.inside().includes(trace));
  const onWire = traces(account.user).filter((trace) => server.wire().includes(trace));
  if (expected === "granted") {
    expect(asked).toBeGreaterThan(0);
    expect(report.error?.code ?? "none").not.toMatch(/^[AN]/);
    // What is overheard here is what is looked for below.
    expect(script.tls === "none" ? onWire : seen).not.toEqual([]);
    if (script.tls !== "none") expect(onWire).toEqual([]);
  } else {
    expect([onWire, seen], inspect(report.error)).toEqual([[], []]);
    const codes: readonly ErrorCode[] = typeof expected === "string" ? [expected] : expected;
    expectFailure(report, codes, words);
    // Where the channel is the fault, the secret has not even been looked up.
    if (codes.some((code) => code.startsWith("N"))) expect(asked).toBe(0);
    if (codes.every((code) => /^N30[367]$/.test(code))) expect(server.connections()).toBe(1);
  }
}

function expectFailure(
  { verdict, exit, error }: JobReport,
  codes: readonly ErrorCode[],
  words: RegExp | undefined,
): void {
  expect(codes, error?.message).toContain(error?.code);
  expect([verdict, exit.code]).toEqual(["failed", error?.code.startsWith("A") ? 4 : 5]);
  const text = `${error?.message} ${error?.remedy ?? ""}`;
  expect(text).not.toMatch(steersTerminals);
  expect(text.length).toBeLessThan(1_000);
  if (words !== undefined) expect(text).toMatch(words);
}

function jobOf(account: Account, role: Role, folder: string): Job {
  const retry = { attempts: 2, maxWaitMs: 0 };
  if (role === "source") return jobTo(join(folder, "archive"), "mbox", account, { retry });
  const maildir = join(folder, "maildir");
  for (const name of ["cur", "new", "tmp"]) mkdirSync(join(maildir, name), { recursive: true });
  const from: Origin = { maildir };
  const to: Destination = { account, under: [] };
  return { ...jobTo("", "mbox", account, { retry }), name: "move", from, to };
}

/** All that user and password travel as. */
function traces(user: string): string[] {
  const { password } = login;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const digest = createHash("md5").update(`<1896.697170952@dbc.mtview.ca.us>${password}`).digest("hex");
  const quoted = (text: string) => text.replace(/["\\]/g, "\\$&");
  return [
    user,
    quoted(user),
    base64(user),
    password,
    quoted(password),
    base64(password),
    base64(`\0${user}\0${password}`),
    digest,
  ];
}
