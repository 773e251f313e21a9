// A host with two addresses, of which one leads nowhere, as where half of a network is IPv6.

import dns from "node:dns";
import { afterEach, describe, expect, it } from "vitest";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { addMessage, createMailStore, findMailbox } from "../../src/demo/mail-store.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { openImapSource } from "../../src/sources/imap.ts";
import { openPop3Source } from "../../src/sources/pop3.ts";
import { startBlackHole } from "../support/black-hole.ts";
import { makeCertificate } from "../support/certificates.ts";
import { collect, failureOf, imapAccount } from "../support/imap.ts";

const login = { user: "ada", password: "secret-of-ada" };
const host = "two.mailferry.test";
const certificate = await makeCertificate(host);

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** What the test's own name service says of the host. */
function resolveTo(...addresses: readonly string[]): void {
  const { lookup } = dns;
  const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  Reflect.set(dns, "lookup", (name: string, options: dns.LookupOptions, done: (...answer: unknown[]) => void) => {
    if (name !== host) return Reflect.apply(lookup, dns, [name, options, done]);
    if (options.all === true) process.nextTick(done, null, found);
    else process.nextTick(done, null, found[0]?.address, found[0]?.family);
  });
  opened.push(() => Reflect.set(dns, "lookup", lookup));
}

describe.each(["imap", "pop3"] as const)("an account for %s", (protocol) => {
  it("is reached at the one that answers", async () => {
    const tls = protocol === "imap" ? "implicit" : "none";
    const store = createMailStore(login.user, login.password);
    const inbox = findMailbox(store, ["INBOX"]);
    if (inbox !== undefined) addMessage(inbox, "Subject: a\r\n\r\na\r\n");
    const start = protocol === "imap" ? startImapServer : startPop3Server;
    const server = await start({ store, ...(tls === "none" ? {} : { tls: { mode: tls, ...certificate } }) });
    opened.push(server.close);
    const addresses = ["::1", "127.0.0.2"];
    const holes = [];
    for (const address of addresses) {
      const hole = await startBlackHole(address, server.port);
      if (hole === undefined) continue;
      opened.push(hole.close);
      holes.push(address);
    }
    // A machine without IPv6 has the second at least.
    expect(holes).not.toEqual([]);
    resolveTo(...holes, "127.0.0.1");
    const account = { ...imapAccount(server.port, login, { host, tls, tlsCa: certificate.cert }), protocol };
    await using source = (protocol === "imap" ? openImapSource : openPop3Source)({ ...account, timeoutMs: 1_000 });
    await using reader = await source.open({ path: ["INBOX"] });
    expect(await collect(reader.list())).toHaveLength(1);
  });

  it("that answers at none of them is said not to be reached, or not to answer", async () => {
    const server = await startImapServer({ store: createMailStore(login.user, login.password) });
    await server.close();
    resolveTo("127.0.0.3", "127.0.0.1");
    const account = { ...imapAccount(server.port, login, { host, timeoutMs: 400 }), protocol };
    await using source = (protocol === "imap" ? openImapSource : openPop3Source)(account);
    const refused = await failureOf(source.open({ path: ["INBOX"] }));
    expect(refused).toMatchObject({ code: "N302", retry: "now", message: expect.stringContaining("can't be reached") });

    const hole = await startBlackHole("127.0.0.2", server.port);
    if (hole !== undefined) opened.push(hole.close);
    resolveTo("127.0.0.2");
    const silent = await failureOf(source.open({ path: ["INBOX"] }));
    expect(silent).toMatchObject({ code: "N302", retry: "now", message: expect.stringContaining("did not answer") });
  });

  it("whose name nobody knows is not found", async () => {
    const account = { ...imapAccount(993, login, { host: "no-such-host.invalid" }), protocol };
    await using source = (protocol === "imap" ? openImapSource : openPop3Source)(account);
    expect(await failureOf(source.open({ path: ["INBOX"] }))).toMatchObject({ code: "N301", scope: "session" });
  });
});
