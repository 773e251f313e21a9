// Which account an error's steps name.

import { describe, expect, test } from "vitest";
import type { Account } from "../../src/account.ts";
import { failedAccount } from "../../src/cli/failed-account.ts";
import { stepsOf } from "../../src/cli/steps.ts";

const account = (host: string, user = "ada"): Account => ({
  ...{ protocol: "imap", host, port: 993, tls: "implicit", user, auth: "auto" },
  ...{ secret: async () => "", timeoutMs: 1, connections: 1 },
});
const [old, fresh, twin] = [
  account("imap.old.example"),
  account("imap.new.example"),
  account("imap.old.example", "bob"),
];
const password = { env: "PW" };
const accounts = new Map(
  Object.entries({ old, fresh, twin }).map(([name, each]) => [name, { account: each, password }]),
);
const archive = { archive: "/ada", format: "mbox" } as const;
const into = (target: Account) => ({ account: target, under: [] });

describe("the account that stopped a job", () => {
  test("is the only one that the job has, whatever the message", () => {
    expect(failedAccount({ from: old, to: archive }, "the file has no password", { accounts })).toBe("old");
    expect(failedAccount({ from: { mbox: "/mail" }, to: into(fresh) }, "gone", { accounts })).toBe("fresh");
  });

  test("is of two the one whose host the message begins with", () => {
    const move = { from: old, to: into(fresh) };
    expect(failedAccount(move, "imap.new.example refused the log-in for ada", { accounts })).toBe("fresh");
    expect(failedAccount(move, "imap.old.example:993 did not answer", { accounts })).toBe("old");
    expect(failedAccount(move, "no word of a host", { accounts })).toBeUndefined();
  });

  test("is none where it can't be told, or the job has none", () => {
    const move = { from: old, to: into(twin) };
    expect(failedAccount(move, "imap.old.example refused the log-in", { accounts })).toBeUndefined();
    expect(failedAccount({ from: { mbox: "/mail" }, to: archive }, "gone", { accounts })).toBeUndefined();
  });
});

describe("the steps of an error", () => {
  test("end with the test of the account, as it is typed", () => {
    expect(stepsOf("N301", "en", { job: "nightly", account: "mamie d'Ada" }).slice(-2)).toEqual([
      `See how far a connection gets now: mailferry account test 'mamie d'\\''Ada'`,
      "More about it: mailferry explain MF-N301",
    ]);
    expect(stepsOf("A201", "fr", { remedy: "Check.", account: "mamie" }).at(-2)).toMatch(/account test mamie$/);
  });

  test("have none where no name is known, or no account is at fault", () => {
    for (const code of ["A201", "A205", "N302", "N306"]) {
      expect(stepsOf(code, "en", { job: "nightly" }).join()).not.toContain("account test");
    }
    expect(stepsOf("D501", "en", { account: "mamie" }).join()).not.toContain("mamie");
  });
});
