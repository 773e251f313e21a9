// A sample of hostile-servers.deep.test.ts: what a server may send, and that it costs neither memory nor the other messages.

import { expect, test } from "vitest";
import { at, floods, inMessage, lessLarge, letter, stages } from "./support/hostile-cases.ts";
import { expectAnEnd, expectTheOthers, runHostile } from "./support/hostile-runs.ts";
import { startHostileImap, startHostilePop3 } from "./support/hostile-servers.ts";

const messages = [1, 2, 3].map(letter);

test("a literal larger than any that was asked for costs that message alone, and no memory", async () => {
  await using server = await startHostileImap(inMessage(lessLarge, messages), { messages });
  const ended = await runHostile({ from: { protocol: "imap", port: server.port } }, lessLarge.what);
  expectTheOthers(ended, messages.length, lessLarge.what);
  expect(ended.report.jobs[0]?.failures[0]?.reason).toContain("sends 40000000 octets at once");
});

test("mailboxes without end are no listing", async () => {
  const flood = floods.find(({ what }) => what === "answers without end") ?? expect.fail();
  const [, line] = stages.find(([stage]) => stage === "LIST") ?? [];
  await using server = await startHostileImap(at("LIST", flood, line), { messages });
  const ended = await runHostile({ from: { protocol: "imap", port: server.port }, attempts: 1 }, "LIST");
  expectAnEnd(ended, "LIST");
  expect(ended.code).toBe(5);
});

test("a POP3 message without end costs that message alone", async () => {
  const piece = Buffer.from(`${"never ends ".repeat(90)}\r\n`.repeat(64));
  await using server = await startHostilePop3(async ({ line }, say) => {
    if (line !== "RETR 2") return false;
    await say("+OK\r\n");
    for (;;) await say(piece);
  }, messages);
  const ended = await runHostile({ from: { protocol: "pop3", port: server.port } }, "RETR");
  expectTheOthers(ended, messages.length, "RETR");
});
