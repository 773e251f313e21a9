// Each step of a session has the account's timeout to itself, and an octet now and then prolongs none of them for ever.

import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Account } from "../../src/account.ts";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { addMessage, createMailStore, findMailbox } from "../../src/demo/mail-store.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { openImapSource } from "../../src/sources/imap.ts";
import { openPop3Source } from "../../src/sources/pop3.ts";
import { makeCertificate } from "../support/certificates.ts";
import { type CuttingProxy, startCuttingProxy } from "../support/cutting-proxy.ts";
import { collect, failureOf, imapAccount, octetsOf } from "../support/imap.ts";

const login = { user: "ada", password: "secret-of-ada" };
const certificate = await makeCertificate();
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const open = { imap: openImapSource, pop3: openPop3Source };

function accountAt(protocol: "imap" | "pop3", port: number, tls: Account["tls"] = "none"): Account {
  return { ...imapAccount(port, login, { tls, tlsCa: certificate.cert, timeoutMs: 250 }), protocol };
}

/** Lists and reads all of INBOX, as an archive would. */
async function readAll(account: Account): Promise<void> {
  await using source = open[account.protocol](account);
  await using reader = await source.open({ path: ["INBOX"] });
  const refs = await collect(reader.list());
  for await (const message of reader.fetch(refs)) await octetsOf(message);
}

async function proxied(protocol: "imap" | "pop3", tls?: "implicit" | "starttls"): Promise<CuttingProxy> {
  const store = createMailStore(login.user, login.password);
  const inbox = findMailbox(store, ["INBOX"]);
  if (inbox === undefined) throw new Error("there is no INBOX");
  // Without line ends, within which nothing could be taken for a sign of life.
  for (let n = 0; n < 3; n += 1) addMessage(inbox, Buffer.alloc(3_000, "x"));
  const start = protocol === "imap" ? startImapServer : startPop3Server;
  const server = await start({ store, ...(tls === undefined ? {} : { tls: { mode: tls, ...certificate } }) });
  const proxy = await startCuttingProxy(server.port);
  opened.push(server.close, proxy.close);
  return proxy;
}

/** A server that does with each connection what a test wants. */
async function scripted(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const silence = { code: "N302", scope: "session", retry: "now", message: expect.stringContaining("did not answer") };
const trickle = { code: "N302", scope: "session", retry: "now", message: expect.stringContaining("octets a second") };

describe.each(["imap", "pop3"] as const)("%s", (protocol) => {
  it("waits for TLS no longer than that", async () => {
    const port = await scripted(() => undefined);
    expect(await failureOf(readAll(accountAt(protocol, port, "implicit")))).toMatchObject(silence);
  });

  it("waits for TLS no longer than that after it was agreed on", async () => {
    const port = await scripted((socket) => {
      socket.write(protocol === "imap" ? "* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n" : "+OK hello\r\n");
      socket.on("data", (chunk) => {
        const [word = "", command] = String(chunk).trim().split(" ");
        if (word === "CAPA") socket.write("+OK\r\nSTLS\r\n.\r\n");
        else if (word === "STLS") socket.write("+OK go on\r\n");
        else if (command === "CAPABILITY") socket.write(`* CAPABILITY IMAP4rev1 STARTTLS\r\n${word} OK\r\n`);
        else if (command === "STARTTLS") socket.write(`${word} OK go on\r\n`);
      });
    });
    expect(await failureOf(readAll(accountAt(protocol, port, "starttls")))).toMatchObject(silence);
  }, 5_000);

  it.each(["none", "starttls"] as const)("with tls %s ends a trickle wherever it begins", async (tls) => {
    const proxy = await proxied(protocol, tls === "none" ? undefined : tls);
    await readAll({ ...accountAt(protocol, proxy.port, tls), timeoutMs: 20_000 });
    const total = proxy.passed["to client"];
    const attempts = Array.from({ length: 5 }, async (_, n) => {
      const own = await proxied(protocol, tls === "none" ? undefined : tls);
      own.arm({ direction: "to client", after: Math.floor((n * total) / 5), how: "drip" });
      return failureOf(readAll(accountAt(protocol, own.port, tls)));
    });
    for (const error of await Promise.all(attempts)) {
      expect(error).toMatchObject({ code: "N302", scope: "session", retry: "now" });
      expect(error.message).toMatch(/octets a second|did not answer within/);
    }
  });

  it("says of a trickle in a message that it is one", async () => {
    const proxy = await proxied(protocol);
    await readAll({ ...accountAt(protocol, proxy.port), timeoutMs: 20_000 });
    const after = proxy.passed["to client"] - 4_000;
    proxy.arm({ direction: "to client", after, how: "drip" });
    const account = { ...accountAt(protocol, proxy.port), timeoutMs: 600 };
    expect(await failureOf(readAll(account))).toMatchObject(trickle);
  });
});

describe("imap", () => {
  it("waits for the secret longer than for a server, under STARTTLS too", async () => {
    const proxy = await proxied("imap", "starttls");
    const waited: string[] = [];
    const account = {
      ...accountAt("imap", proxy.port, "starttls"),
      timeoutMs: 800,
      secret: async () => {
        waited.push("asked");
        // Longer than the timeout: a person unlocks a password store.
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return login.password;
      },
    };
    await readAll(account);
    expect(waited).toEqual(["asked"]);
  });
});
