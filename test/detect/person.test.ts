// A server that somebody names: what is read out of it, and what is found to speak there.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { type NamedServer, parseServer } from "../../src/detect/named-server.ts";
import { serverOfPerson } from "../../src/detect/person.ts";
import { addressOf } from "../support/addresses.ts";
import { type DetectionWorld, openWorld } from "../support/detection-world.ts";
import { steersTerminals } from "../support/steering.ts";

describe("what somebody types", () => {
  test.each([
    ["imap.example.org", { host: "imap.example.org" }],
    [" IMAP.example.org. ", { host: "imap.example.org" }],
    ["imap.example.org:993", { host: "imap.example.org", port: 993 }],
    ["nas", { host: "nas" }],
    ["localhost:1143", { host: "localhost", port: 1143 }],
    ["192.0.2.1:143", { host: "192.0.2.1", port: 143 }],
    ["[2001:db8::1]:993", { host: "2001:db8::1", port: 993 }],
    ["[::1]", { host: "::1" }],
    ["::1", { host: "::1" }],
    ["imap://mail.example.org", { host: "mail.example.org", protocol: "imap" }],
    ["imaps://mail.example.org/", { host: "mail.example.org", protocol: "imap" }],
    ["POP3S://mail.example.org:995", { host: "mail.example.org", port: 995, protocol: "pop3" }],
    ["pop://mail.example.org", { host: "mail.example.org", protocol: "pop3" }],
    ["pop3://[::1]:110", { host: "::1", port: 110, protocol: "pop3" }],
    ["bücher.example", { host: "xn--bcher-kva.example" }],
  ])("%j is a server", (text, server) => {
    expect(parseServer(text)).toEqual(server);
  });

  test.each([
    ["", "empty"],
    ["   ", "empty"],
    ["https://mail.example.org", "bad-scheme"],
    ["smtp://mail.example.org", "bad-scheme"],
    ["mail.example.org:0", "bad-port"],
    ["mail.example.org:65536", "bad-port"],
    ["mail.example.org:imap", "bad-port"],
    ["mail.example.org:", "bad-port"],
    ["ada@mail.example.org", "bad-host"],
    ["mail.example.org/inbox", "bad-host"],
    ["mail example", "bad-host"],
    ["imap://", "bad-host"],
    ["[mail.example.org]:993", "bad-host"],
    ["[::1", "bad-host"],
    ["../../x", "bad-host"],
    ["mail\u001b[2J.org", "bad-host"],
    ["a".repeat(400), "bad-host"],
  ])("%j is none: %s", (text, problem) => {
    const parsed = parseServer(text);
    expect(parsed).toMatchObject({ problem });
    expect("text" in parsed && parsed.text).not.toMatch(steersTerminals);
  });
});

describe("what speaks there", () => {
  const host = "mail.example.net";
  const address = addressOf("ada@example.org");
  const users = ["ada@example.org", "ada"];
  let stage: DetectionWorld;

  beforeEach(async () => {
    stage = await openWorld();
  });

  afterEach(async () => {
    await stage[Symbol.asyncDispose]();
  });

  const find = (named: NamedServer, timeoutMs = 50_000) =>
    serverOfPerson(named, { address, world: stage.world, timeoutMs });

  test("without a port: the usual ones, and both protocols where both are there", async () => {
    await stage.mail(host, 993, { protocol: "imap", tls: "implicit" });
    // What is not waited for is not left behind.
    await stage.dead(host, 143, "silence");
    await stage.mail(host, 110, { protocol: "pop3", tls: "upgrade" });
    const imap = { protocol: "imap", host, port: 993, tls: "implicit", users };
    const pop3 = { protocol: "pop3", host, port: 110, tls: "starttls", users };
    const found = await find({ host });
    expect(found).toEqual({ origin: "person", where: host, foreignHosts: [], servers: [imap, pop3] });
    await stage.quiet();
    expect((await find({ host, protocol: "pop3" })).servers).toEqual([pop3]);
    expect((await find({ host, protocol: "imap" })).servers).toEqual([imap]);
    await stage.quiet();
  });

  test.each([
    ["imap", "implicit", "implicit"],
    ["imap", "upgrade", "starttls"],
    ["pop3", "implicit", "implicit"],
    ["pop3", "upgrade", "starttls"],
  ] as const)("with a port: %s, TLS %s", async (protocol, tls, found) => {
    await stage.mail(host, 4711, { protocol, tls });
    const settings = { protocol, host, port: 4711, tls: found, users };
    expect(await find({ host, port: 4711 })).toMatchObject({ where: `${host}:4711`, servers: [settings] });
    await stage.quiet();
    const other = protocol === "imap" ? "pop3" : "imap";
    await expect(find({ host, port: 4711, protocol: other })).rejects.toMatchObject({ code: "N307" });
    await stage.quiet();
  });

  test("plain text will do on this machine, and nowhere else", async () => {
    await stage.mail(host, 143, { protocol: "imap", tls: "none", answer: () => "a1 BAD no\r\n" });
    const refused = { code: "N306", message: expect.stringMatching(/refused STARTTLS/) };
    await expect(find({ host, port: 143 })).rejects.toMatchObject(refused);
    await expect(find({ host })).rejects.toMatchObject(refused);
    const store = createMailStore("ada", "secret");
    const demos = [await startImapServer({ store }), await startPop3Server({ store })];
    for (const [index, { port }] of demos.entries()) {
      const found = await serverOfPerson({ host: "127.0.0.1", port }, { address });
      const protocol = index === 0 ? "imap" : "pop3";
      expect(found.servers).toEqual([{ protocol, host: "127.0.0.1", port, tls: "none", users }]);
    }
    await Promise.all(demos.map((demo) => demo.close()));
  });

  test("what is wrong is said by what says most", async () => {
    await expect(find({ host })).rejects.toMatchObject({ code: "N301" });
    const elsewhere = await stage.certificate("example.org");
    await stage.mail(host, 993, { protocol: "imap", tls: "implicit", certificate: elsewhere });
    await expect(find({ host })).rejects.toMatchObject({ code: "N303" });
    await expect(find({ host, port: 993 })).rejects.toMatchObject({ code: "N303" });
    await stage.mail(host, 587, { protocol: "imap", tls: "none", greeting: "220 ESMTP\r\n" });
    await expect(find({ host, port: 587 })).rejects.toMatchObject({ code: "N307" });
    await stage.mail(host, 465, { protocol: "imap", tls: "implicit", greeting: "220 ESMTP\r\n" });
    await expect(find({ host, port: 465 })).rejects.toMatchObject({ code: "N307" });
    await stage.dead(host, 995, "silence");
    await expect(find({ host, port: 995 }, 200)).rejects.toMatchObject({ code: "N302" });
    await stage.quiet();
  });

  test("the table's provider of that host, and its user names", async () => {
    await stage.mail("imap.free.fr", 993, { protocol: "imap", tls: "implicit" });
    const found = await find({ host: "imap.free.fr" });
    expect([found.provider?.id, found.servers[0]?.users]).toEqual(["free", ["ada"]]);
  });

  test("whoever stops is obeyed with their reason", async () => {
    await stage.dead(host, 993, "silence");
    const reason = new Error("stopped");
    for (const named of [{ host }, { host, port: 993 }]) {
      const stop = new AbortController();
      const finding = serverOfPerson(named, { address, world: stage.world, signal: stop.signal });
      stop.abort(reason);
      await expect(finding).rejects.toBe(reason);
    }
    await stage.quiet();
  });
});
