// A guess counts only if a mail server answers under TLS with a certificate for that very name.

import { afterEach, beforeEach, expect, test } from "vitest";
import { detectServers } from "../../src/detect/detect.ts";
import { addressOf } from "../support/addresses.ts";
import { makeCertificate } from "../support/certificates.ts";
import { type DetectionWorld, openWorld } from "../support/detection-world.ts";

const ada = addressOf("ada@example.org");
const users = ["ada@example.org", "ada"];

let stage: DetectionWorld;

beforeEach(async () => {
  stage = await openWorld();
});

afterEach(async () => {
  await stage[Symbol.asyncDispose]();
});

const detect = () => detectServers(ada, { world: stage.world });
const imap = { protocol: "imap", tls: "implicit" } as const;
const pop3 = { protocol: "pop3", tls: "implicit" } as const;

test("the best of each protocol is taken: TLS from the first octet, and the usual names first", async () => {
  await stage.mail("imap.example.org", 143, { protocol: "imap", tls: "upgrade" });
  await stage.mail("mail.example.org", 993, imap);
  await stage.mail("example.org", 993, imap);
  await stage.mail("mail.example.org", 995, pop3);
  await stage.mail("pop.example.org", 110, { protocol: "pop3", tls: "upgrade" });
  expect(await detect()).toEqual({
    origin: "guess",
    where: "mail.example.org:993",
    foreignHosts: [],
    servers: [
      { protocol: "imap", host: "mail.example.org", port: 993, tls: "implicit", users },
      { protocol: "pop3", host: "mail.example.org", port: 995, tls: "implicit", users },
    ],
  });
  await stage.quiet();
});

test("STARTTLS and STLS will do where there is nothing better", async () => {
  await stage.mail("imap.example.org", 143, { protocol: "imap", tls: "upgrade" });
  await stage.mail("pop3.example.org", 110, { protocol: "pop3", tls: "upgrade" });
  expect((await detect())?.servers).toEqual([
    { protocol: "imap", host: "imap.example.org", port: 143, tls: "starttls", users },
    { protocol: "pop3", host: "pop3.example.org", port: 110, tls: "starttls", users },
  ]);
});

test("what is not proven is not taken", async () => {
  const elsewhere = await stage.certificate("shared.hoster.example");
  const self = await makeCertificate("mail.example.org");
  await stage.mail("imap.example.org", 993, { ...imap, certificate: elsewhere });
  await stage.mail("imap.example.org", 143, { protocol: "imap", tls: "none", answer: () => "a1 BAD what?\r\n" });
  await stage.mail("mail.example.org", 993, { ...imap, certificate: self });
  await stage.mail("mail.example.org", 995, { ...pop3, greeting: "220 mail.example.org ESMTP\r\n" });
  await stage.mail("example.org", 993, { ...imap, greeting: "HTTP/1.1 400 Bad Request\r\n" });
  await stage.mail("pop.example.org", 995, { ...pop3, greeting: "* OK IMAP4rev1 where POP3 is expected\r\n" });
  await stage.mail("pop3.example.org", 995, { ...pop3, greeting: "-ERR not today\r\n" });
  await stage.dead("pop3.example.org", 110, "drop");
  expect(await detect()).toBeUndefined();
  // They were all asked.
  expect(stage.asked.filter((asked) => asked.includes(":"))).toEqual(
    expect.arrayContaining(["imap.example.org:993", "imap.example.org:143", "example.org:993", "pop3.example.org:110"]),
  );
  await stage.quiet();
});
