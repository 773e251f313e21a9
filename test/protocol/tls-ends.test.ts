// TLS that ends without a word, is too old, or begins anew in mid-session.

import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { Account } from "../../src/account.ts";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { addMessage, createMailStore, findMailbox } from "../../src/demo/mail-store.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { openImapSource } from "../../src/sources/imap.ts";
import { openPop3Source } from "../../src/sources/pop3.ts";
import { makeCertificate } from "../support/certificates.ts";
import { collect, failureOf, imapAccount, octetsOf } from "../support/imap.ts";

const login = { user: "ada", password: "secret-of-ada" };
const certificate = await makeCertificate();
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

function accountAt(protocol: "imap" | "pop3", port: number): Account {
  return { ...imapAccount(port, login, { tls: "implicit", tlsCa: certificate.cert, timeoutMs: 5_000 }), protocol };
}

async function readAll(account: Account): Promise<Buffer[]> {
  await using source = (account.protocol === "imap" ? openImapSource : openPop3Source)(account);
  await using reader = await source.open({ path: ["INBOX"] });
  const refs = await collect(reader.list());
  const octets: Buffer[] = [];
  for await (const message of reader.fetch(refs)) octets.push(await octetsOf(message));
  return octets;
}

function storeOf(...messages: readonly Buffer[]) {
  const store = createMailStore(login.user, login.password);
  const inbox = findMailbox(store, ["INBOX"]);
  if (inbox === undefined) throw new Error("there is no INBOX");
  for (const bytes of messages) addMessage(inbox, bytes);
  return store;
}

describe.each(["imap", "pop3"] as const)("%s over TLS", (protocol) => {
  const start = protocol === "imap" ? startImapServer : startPop3Server;

  it("takes an end of the octets without a good-bye of TLS for an error, and gives nothing of the message", async () => {
    const message = Buffer.from(`Subject: whole\r\n\r\n${"line\r\n".repeat(500)}`);
    const server = await start({ store: storeOf(message), tls: { mode: "implicit", ...certificate } });
    opened.push(server.close);
    expect(await readAll(accountAt(protocol, server.port))).toEqual([message]);
    const whole = server.octetsSent();
    for (const before of [2_900, 1_000, 300]) {
      // The demo server ends TCP alone, as whoever cuts the line would.
      server.script = { cutAfterOctets: whole - before, cutHow: "fin" };
      const error = await failureOf(readAll(accountAt(protocol, server.port)));
      expect(error, `${before} octets before the end`).toMatchObject({ code: "N302", scope: "session", retry: "now" });
    }
  });

  /** Between the account and a server that speaks no TLS. */
  async function inTls(options: TlsOptions, meet: (socket: TLSSocket) => void = () => {}): Promise<number> {
    const plain = await start({ store: storeOf(Buffer.from("Subject: a\r\n\r\na\r\n")) });
    const server = createTlsServer({ ...certificate, ...options }, (socket) => {
      const upstream = connect(plain.port, "127.0.0.1");
      socket.pipe(upstream).pipe(socket);
      for (const each of [socket, upstream]) each.on("error", () => each.destroy());
      meet(socket);
    });
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    opened.push(plain.close, () => void server.close());
    return (server.address() as AddressInfo).port;
  }

  it("refuses what is older than TLS 1.2, before any secret", async () => {
    const old: TlsOptions = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
    const port = await inTls(old);
    let asked = 0;
    const secret = async () => {
      asked += 1;
      return login.password;
    };
    const error = await failureOf(readAll({ ...accountAt(protocol, port), secret }));
    expect(error).toMatchObject({ code: "N303", scope: "session", retry: "never" });
    expect(asked).toBe(0);
    expect(await readAll(accountAt(protocol, await inTls({ maxVersion: "TLSv1.2" })))).toHaveLength(1);
  });

  it("does not begin a handshake anew in mid-session, which could bring another certificate", async () => {
    let handshakes = 0;
    const port = await inTls({ maxVersion: "TLSv1.2" }, (socket) => {
      socket.on("secure", () => {
        handshakes += 1;
      });
      socket.once("data", () => socket.renegotiate({}, () => undefined));
    });
    const outcome = await readAll(accountAt(protocol, port)).catch((error: unknown) => error);
    if (Array.isArray(outcome)) expect(outcome).toHaveLength(1);
    else expect(outcome).toMatchObject({ scope: "session" });
    expect(handshakes).toBe(0);
  });
});
