// What answers in place of a mail server, or is another one than was meant: said at once, in words that help.

import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { Account } from "../../src/account.ts";
import { openImapSource } from "../../src/sources/imap.ts";
import { openPop3Source } from "../../src/sources/pop3.ts";
import { makeCertificate } from "../support/certificates.ts";
import { failureOf, imapAccount } from "../support/imap.ts";

const certificate = await makeCertificate();
const canary = "the-canary-of-first-words";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Says this to whoever connects, and nothing else. Returns what it has been told. */
async function speak(words: string, tls: boolean): Promise<{ port: number; heard(): string }> {
  let heard = "";
  const serve = (socket: import("node:net").Socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      heard += chunk;
    });
    socket.write(words);
  };
  const server = tls ? createTlsServer(certificate, serve) : createServer(serve);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

async function connect(protocol: "imap" | "pop3", port: number, tls: Account["tls"]) {
  let asked = 0;
  const account: Account = {
    ...imapAccount(port, { user: "ada", password: canary }, { tls, tlsCa: certificate.cert, timeoutMs: 20_000 }),
    protocol,
    secret: async () => {
      asked += 1;
      return canary;
    },
  };
  await using source = (protocol === "imap" ? openImapSource : openPop3Source)(account);
  const error = await failureOf(source.open({ path: ["INBOX"] }));
  expect(asked, "the secret was asked for").toBe(0);
  return error;
}

const portal = "HTTP/1.1 302 Found\r\nLocation: http://hotel.example/login\r\n\r\n<html>\u001b[2J</html>";

describe.each(["imap", "pop3"] as const)("an account for %s", (protocol) => {
  it.each(["none", "starttls", "implicit"] as const)(
    "with tls %s tells a hotel's log-in page for what it is",
    async (tls) => {
      const { port, heard } = await speak(portal, tls === "implicit");
      const error = await connect(protocol, port, tls);
      expect(error).toMatchObject({ code: "N307", scope: "session", retry: "later" });
      expect(error.message).toContain(
        'answers like a web server, not a mail server: it began with "HTTP/1.1 302 Found"',
      );
      expect(error.remedy).toContain("in a browser");
      expect(heard()).toBe("");
    },
  );

  it.each([
    [protocol === "imap" ? "+OK POP3 ready\r\n" : "* OK IMAP4rev1 ready\r\n", "Set protocol:"],
    ["220 smtp.example.org ESMTP\r\n", "Check host and port"],
    ["SSH-2.0-OpenSSH_9.6\r\n", "Check host and port"],
  ])("is told who speaks instead: %j", async (words, remedy) => {
    const { port } = await speak(words, false);
    const error = await connect(protocol, port, "none");
    expect(error).toMatchObject({ code: "N307", remedy: expect.stringContaining(remedy) });
    expect(error.message).toContain(words.trim());
  });

  it("never shows raw what else could steer a terminal, nor all of a first line without end", async () => {
    const { port } = await speak(`\u001b]0;owned\u0007${"x".repeat(200_000)}`, false);
    const error = await connect(protocol, port, "none");
    expect(error.code).toBe("N307");
    expect(error.message).not.toMatch(/[\u0000-\u001f]/);
    expect(error.message.length).toBeLessThan(1_000);
  });
});
