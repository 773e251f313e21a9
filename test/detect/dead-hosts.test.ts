// Hosts that never answer: given up together after 8 s, by a clock that only the test moves.

import { afterEach, beforeEach, expect, test } from "vitest";
import { type DetectionNews, detectServers, patienceMs } from "../../src/detect/detect.ts";
import { addressOf } from "../support/addresses.ts";
import { clientConfig, type DetectionWorld, openWorld } from "../support/detection-world.ts";

const ada = addressOf("ada.lovelace@example.org");
const services = ["_imaps", "_imap", "_pop3s", "_pop3"].map((service) => `SRV ${service}._tcp.example.org`);

let stage: DetectionWorld;

beforeEach(async () => {
  stage = await openWorld();
});

afterEach(async () => {
  await stage[Symbol.asyncDispose]();
});

const detect = (news: DetectionNews[] = [], signal?: AbortSignal) =>
  detectServers(ada, { world: stage.world, report: (one) => news.push(one), signal });

/** Resolves when all of this has been asked. */
function asked(...questions: readonly string[]): Promise<void> {
  const missing = new Set(questions);
  return new Promise((resolve) => {
    const look = () => {
      for (const question of stage.asked) missing.delete(question);
      if (missing.size === 0) return resolve();
      setImmediate(look);
    };
    setImmediate(look);
  });
}

/** One that takes the connection and is silent, one that hears the question and is silent, a name that never resolves, and records too. */
async function letNobodyAnswer(): Promise<string[]> {
  await stage.dead("autoconfig.example.org", 443, "silence");
  await stage.site("autoconfig.thunderbird.net", () => "silence");
  stage.dns.records.set("A example.org", "silence");
  for (const question of ["MX example.org", ...services]) stage.dns.records.set(question, "silence");
  return [
    "autoconfig.example.org:443",
    "GET https://autoconfig.thunderbird.net/v1.1/example.org",
    "A example.org",
    "MX example.org",
    ...services,
  ];
}

test("all are given up together after 8 s, the guesses after 8 s more, and nothing of it stays", async () => {
  const questions = await letNobodyAnswer();
  const hosts = ["imap", "mail", "pop", "pop3"].map((name) => `${name}.example.org`);
  for (const host of hosts.slice(1)) stage.dns.records.set(`A ${host}`, "silence");
  await stage.dead("imap.example.org", 993, "silence");
  const news: DetectionNews[] = [];
  const gaveUp = () => news.filter((one) => one.news === "gave-up").map(({ where }) => where);
  let isDone = false;
  const detecting = detect(news).finally(() => {
    isDone = true;
  });
  await stage.timers(1);
  await asked(...questions);
  stage.pass(patienceMs - 1);
  await asked();
  expect([isDone, gaveUp()]).toEqual([false, []]);
  stage.pass(1);
  // The look-ups are over: the next that is heard of is a guess.
  await asked("imap.example.org:993", ...hosts.map((host) => `A ${host}`));
  expect(gaveUp().sort()).toEqual([
    "MX example.org",
    "SRV example.org",
    "https://autoconfig.example.org/mail/config-v1.1.xml",
    "https://autoconfig.thunderbird.net/v1.1/example.org",
    "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml",
  ]);
  expect(stage.pendingNames).toBe(0);
  stage.pass(patienceMs);
  expect(await detecting).toBeUndefined();
  await stage.quiet();
  expect([stage.pendingTimers, stage.pendingNames]).toEqual([0, 0]);
});

test("what one of them says in time is taken when the others are given up", async () => {
  await letNobodyAnswer();
  await stage.site("autoconfig.thunderbird.net", () => clientConfig({ host: "imap.example.net" }));
  const news: DetectionNews[] = [];
  const detecting = detect(news);
  await stage.timers(1);
  await new Promise<void>((resolve) => {
    const look = () => (news.some((one) => one.news === "answered") ? resolve() : setImmediate(look));
    look();
  });
  // Better ones might still answer.
  stage.pass(patienceMs);
  expect(await detecting).toMatchObject({ origin: "ispdb", servers: [{ host: "imap.example.net" }] });
  await stage.quiet();
  expect([stage.pendingTimers, stage.pendingNames]).toEqual([0, 0]);
});

test("when the best has answered nobody else is waited for", async () => {
  await letNobodyAnswer();
  stage.dns.records.delete("MX example.org");
  await stage.site("autoconfig.example.org", () => clientConfig({ host: "imap.example.org" }));
  expect(await detect()).toMatchObject({ origin: "autoconfig" });
  await stage.quiet();
  expect([stage.pendingTimers, stage.pendingNames]).toEqual([0, 0]);
});

test("hosts that hang up cost only themselves, and no time", async () => {
  await stage.dead("autoconfig.example.org", 443, "drop");
  await stage.dead("example.org", 443, "drop");
  await stage.site("autoconfig.thunderbird.net", () => clientConfig({ host: "imap.example.net" }));
  expect(await detect()).toMatchObject({ origin: "ispdb" });
  await stage.quiet();
});

test.each(["look-ups", "guesses"])("whoever stops in the middle of the %s is obeyed at once", async (part) => {
  const stop = new AbortController();
  const questions = part === "look-ups" ? await letNobodyAnswer() : ["imap.example.org:993"];
  if (part === "guesses") await stage.dead("imap.example.org", 993, "silence");
  const detecting = detect([], stop.signal);
  const reason = new Error("stopped");
  const rejected = expect(detecting).rejects.toBe(reason);
  await asked(...questions);
  stop.abort(reason);
  await rejected;
  await stage.quiet();
  expect([stage.pendingTimers, stage.pendingNames]).toEqual([0, 0]);
});
