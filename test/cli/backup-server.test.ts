// Which server `backup` and `account add` take: nobody's password goes where nobody has said that it may.

import { afterEach, beforeEach, expect, test } from "vitest";
import { openGuide } from "../../src/cli/backup/flags.ts";
import { findServer } from "../../src/cli/backup/server.ts";
import { UsageError } from "../../src/cli/errors.ts";
import type { BackupAnswers } from "../../src/jobs/backup-answers.ts";
import { addressOf } from "../support/addresses.ts";
import { type DetectionWorld, openWorld } from "../support/detection-world.ts";
import { srv } from "../support/dns-server.ts";
import { unwrapped } from "../support/hostile.ts";
import { type Call, openCaller } from "../support/in-process.ts";
import { type Answers, answering } from "../support/typed-answers.ts";

const own = "imap.example.org";
const foreign = "imap.elsewhere.example";

let stage: DetectionWorld;

beforeEach(async () => {
  stage = await openWorld();
  await stage.mail(own, 993, { protocol: "imap", tls: "implicit" });
});

afterEach(async () => {
  await stage[Symbol.asyncDispose]();
});

/** The DNS, which anybody on the way may forge, says that the mail is elsewhere. */
async function pointElsewhere(): Promise<void> {
  await stage.mail(foreign, 993, { protocol: "imap", tls: "implicit" });
  const name = "_imaps._tcp.example.org";
  stage.dns.records.set(`SRV ${name}`, srv(name, { target: foreign, port: 993 }));
}

async function find(answers: Answers | undefined, before?: BackupAnswers, call: Call = {}) {
  let host = "";
  const { stderr } = await openCaller("").call(async (invocation) => {
    const guide = openGuide(
      addressOf("ada@example.org"),
      {},
      { ...invocation, ...(answers === undefined ? {} : { ask: answers.ask }) },
      stage.world,
    );
    host = (await findServer(guide, before)).settings.host;
    return 0;
  }, call);
  return { host, stderr: unwrapped(stderr) };
}

const isAsked = (host: string) => stage.asked.some((asked) => asked.startsWith(`${host}:`));

test("a host that nobody vouches for is not taken by Enter: the server is asked for, and nothing goes there", async () => {
  await pointElsewhere();
  const answers = answering("", "");
  const { host, stderr } = await find(answers);
  expect(stderr).toContain(`The mail of example.org is said to be at ${foreign} (SRV _imaps._tcp.example.org).`);
  expect(stderr).toContain("your password would go there");
  expect(stderr).toContain("Then nothing goes there.");
  expect(answers.asked).toEqual(["Use it?", "Server:"]);
  expect([host, isAsked(foreign)]).toEqual([own, false]);
});

test("it is taken where a person says so", async () => {
  await pointElsewhere();
  const { host, stderr } = await find(answering("y"), undefined, { lang: "fr" });
  expect(stderr).toContain("votre mot de passe y serait envoyé");
  expect(host).toBe(foreign);
});

test.each([undefined, true] as const)(
  "unattended it is named with the flag that accepts it, whatever --yes says: %s",
  async (yes) => {
    await pointElsewhere();
    const found = find(undefined, undefined, yes ? { yes } : {});
    await expect(found).rejects.toThrow(UsageError);
    await expect(found).rejects.toThrow(`add --server ${foreign}`);
    expect(isAsked(foreign)).toBe(false);
  },
);

test("--yes at a terminal is no yes to this", async () => {
  await pointElsewhere();
  const answers = answering("", "");
  expect((await find(answers, undefined, { yes: true })).host).toBe(own);
  expect(answers.asked[0]).toBe("Use it?");
});

test("a remembered server that no longer answers is said, and it is looked for again", async () => {
  const remembered = { address: "ada@example.org", user: "ada", place: "/mail", format: "maildir" } as const;
  const before = { ...remembered, protocol: "imap", host: "old.example.org", port: 993, tls: "implicit" } as const;
  const { host, stderr } = await find(undefined, before);
  expect(stderr).toContain("old.example.org does not answer as before (MF-N301); looking again.");
  expect(stderr).toContain("Looking for the mail server of example.org...");
  expect(host).toBe(own);
});
