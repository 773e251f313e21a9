// Whole sessions in pieces: cut behind every octet, and handed over in any two pieces, or octet by octet. What is read must
// not depend on it, or end as an error.

import { afterAll, describe, expect, it } from "vitest";
import type { Account } from "../src/account.ts";
import { startImapServer } from "../src/demo/imap-server.ts";
import { addMessage, createMailStore, findMailbox } from "../src/demo/mail-store.ts";
import { startPop3Server } from "../src/demo/pop3-server.ts";
import { openImapSource } from "../src/sources/imap.ts";
import { openPop3Source } from "../src/sources/pop3.ts";
import { sha256 } from "./support/archives.ts";
import { some } from "./support/break-points.ts";
import { oddMail } from "./support/broken-scenes.ts";
import { asPop3Serves } from "./support/crossing.ts";
import { type CuttingProxy, startCuttingProxy } from "./support/cutting-proxy.ts";
import { collect, imapAccount, octetsOf } from "./support/imap.ts";
import { swept } from "./support/sweep-counts.ts";

const login = { user: "ada", password: "secret-of-ada" };
const small = oddMail().filter(({ length }) => length < 20_000);

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** How a session is read: `worthWhile` 1 takes a connection of its own for the messages. */
const ways = {
  "IMAP over one connection": {
    protocol: "imap",
    connections: 1,
    worthWhile: Number.POSITIVE_INFINITY,
    pipelining: true,
  },
  "IMAP over a connection of its own": { protocol: "imap", connections: 2, worthWhile: 1, pipelining: true },
  "POP3 with PIPELINING": { protocol: "pop3", connections: 1, worthWhile: 1, pipelining: true },
  "POP3, one command at a time": { protocol: "pop3", connections: 1, worthWhile: 1, pipelining: false },
} as const;

describe.each(Object.entries(ways))("%s", (_, { protocol, connections, worthWhile, pipelining }) => {
  const expected = small.map((bytes) => sha256(protocol === "imap" ? bytes : asPop3Serves(bytes))).sort();

  async function serve(): Promise<number> {
    const store = createMailStore(login.user, login.password);
    const inbox = findMailbox(store, ["INBOX"]);
    if (inbox === undefined) throw new Error("there is no INBOX");
    for (const bytes of small) addMessage(inbox, bytes);
    const server =
      protocol === "imap"
        ? await startImapServer({ store })
        : await startPop3Server({ store, capabilities: { pipelining } });
    closing.push(server.close);
    return server.port;
  }

  /** The digests of what came whole, in `got`; sorted, when all has. */
  async function read(port: number, got: string[] = []): Promise<string[]> {
    const account: Account = { ...imapAccount(port, login, { connections }), protocol };
    await using source =
      protocol === "imap" ? openImapSource(account, undefined, { worthWhile }) : openPop3Source(account);
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    for await (const message of reader.fetch(refs)) got.push(sha256(await octetsOf(message)));
    return got.sort();
  }

  async function through(options: Parameters<typeof startCuttingProxy>[1] = {}): Promise<CuttingProxy> {
    const proxy = await startCuttingProxy(await serve(), options);
    closing.push(proxy.close);
    return proxy;
  }

  it("gives nothing in part, cut behind every octet", async () => {
    const proxy = await through();
    expect(await read(proxy.port)).toEqual(expected);
    const sessions = proxy.recorded();
    // As many cuts as all of POP3 has octets; of IMAP a part.
    const points = sessions.flatMap((session, index) =>
      Array.from({ length: session["to client"].length }, (__, after) => ({ connection: index + 1, after })),
    );
    let cuts = 0;
    for (const point of some(points, protocol === "imap" ? 600 : 1_200)) {
      proxy.arm({ ...point, direction: "to client", how: point.after % 2 === 0 ? "cut" : "reset" });
      const got: string[] = [];
      const outcome = await read(proxy.port, got).then(
        (all) => all,
        (error: unknown) => error,
      );
      const what = JSON.stringify(point);
      // The good-bye of a connection may be what is cut.
      if (Array.isArray(outcome)) expect(outcome, what).toEqual(expected);
      else expect(outcome, what).toMatchObject({ code: "N302", scope: "session", retry: "now" });
      const left = [...expected];
      for (const digest of got) {
        expect(left, what).toContain(digest);
        left.splice(left.indexOf(digest), 1);
      }
      if (proxy.arm()) cuts += 1;
    }
    expect(cuts).toBeGreaterThan(400);
    swept("cuts and stalls", cuts);
  });

  it("reads the same in any two pieces, and octet by octet in both directions", async () => {
    let at = 0;
    const proxy = await through({
      split: (direction, passed) => (direction === "to server" || passed >= at ? Number.MAX_SAFE_INTEGER : at - passed),
    });
    expect(await read(proxy.port)).toEqual(expected);
    const longest = Math.max(...proxy.recorded().map((session) => session["to client"].length));
    const places = some(
      Array.from({ length: longest }, (__, octets) => octets),
      protocol === "imap" ? 500 : 1_000,
    );
    for (at of places) expect(await read(proxy.port), `in two pieces at ${at}`).toEqual(expected);
    const trickle = await through({ split: () => 1 });
    expect(await read(trickle.port)).toEqual(expected);
  });
});
