import { afterEach, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import { SessionPool } from "../../src/protocol/session-pool.ts";
import { SpareConnections } from "../../src/protocol/spare-connections.ts";
import { failureOf, imapAccount } from "../support/imap.ts";

const login = { user: "ada", password: "secret" };
let server: ImapServer;
const pools: SessionPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool[Symbol.asyncDispose]();
  await server.close();
});

async function poolOf(connections: number): Promise<SessionPool> {
  server = await startImapServer({ store: createMailStore(login.user, login.password) });
  const pool = new SessionPool(imapAccount(server.port, login, { connections }));
  pools.push(pool);
  return pool;
}

it("a connection that rests is given up where the server lets nobody have a second one any more", async () => {
  const pool = await poolOf(2);
  const spare = new SpareConnections(pool, (session) => ({ session, usable: true }));
  const first = await pool.take();
  const resting = await spare.take();
  if (resting === undefined) throw new Error("there was room for it");
  spare.giveBack(resting);
  server.script.greeting = (connection) => (connection === 3 ? "* BYE Too many connections" : undefined);
  first.close();
  pool.giveBack(first);
  const again = await pool.take();
  expect([again.usable, resting.session.usable]).toEqual([true, false]);
});

it("fewer connections are opened after the server had too much to do", async () => {
  const pool = await poolOf(4);
  const sessions = [await pool.take(), await pool.take(), await pool.take()];
  server.script.onCommand = ({ name, tag }) =>
    name === "LIST" ? { reply: `${tag} NO [LIMIT] Slow down\r\n` } : undefined;
  const [slowed] = sessions;
  if (slowed === undefined) throw new Error("there is one");
  const refused = slowed.client.list().catch((error: unknown) => {
    throw slowed.classify(error) ?? error;
  });
  expect(await failureOf(refused)).toMatchObject({ code: "N304" });
  for (const session of sessions) pool.giveBack(session);
  await pool.take();
  await pool.take();
  expect(await pool.takeIfRoom()).toBeUndefined();
});
