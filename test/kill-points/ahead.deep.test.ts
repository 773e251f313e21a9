// kill -9 between two large batches of APPENDs: the second is on its way while the first is read back, and nothing of
// either is recorded. The moment is the server's: it knows what has come.

import type { ChildProcess } from "node:child_process";
import { afterAll, expect, it } from "vitest";
import type { ImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage } from "../../src/demo/mail-store.ts";
import type { Job } from "../../src/index.ts";
import { moveIdentity } from "../../src/jobs/identity.ts";
import { readMoveBook } from "../../src/storage/move-book.ts";
import { temporaryFolder } from "../support/jobs.ts";
import { runChild } from "../support/kill-points.ts";
import { fastTarget, letter, moveTo, runMove, startHouses } from "../support/moves.ts";
import { swept } from "../support/sweep-counts.ts";

/** The first batch; what comes after it is the second. */
const first = 500;
const total = 560;

/** What the server has seen when the process is killed. */
interface Moment {
  /** So many messages of the second batch. */
  readonly arrived: number;
  /** That was the last that came of it, the answer not given; or so many of the first were read back after that. */
  readonly readBack: number;
}

const moments: readonly Moment[] = [
  ...[1, 2, 25, 59, 60].map((arrived) => ({ arrived, readBack: 0 })),
  ...[1, 17].flatMap((arrived) => [1, 60, 250].map((readBack) => ({ arrived, readBack }))),
];

let killed = 0;
let between = 0;
afterAll(() => {
  console.log(`kill -9 between two batches: ${killed} moments, in ${between} nothing of either was recorded`);
  expect(between).toBeGreaterThanOrEqual(moments.length / 2);
});

/** Kills it at that moment. Nobody reads the end of the first batch back before the second has come so far. */
function killAt(server: ImapServer, child: ChildProcess, { arrived, readBack }: Moment): void {
  let come = 0;
  let read = 0;
  let wake = () => {};
  const hasCome = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const kill = () => {
    child.kill("SIGKILL");
    return new Promise<undefined>((resolve) => child.once("close", () => resolve(undefined)));
  };
  server.script.onAppend = async ({ count }) => {
    if (count <= first) return undefined;
    come += 1;
    if (come < arrived) return undefined;
    wake();
    return come === arrived && readBack === 0 ? kill() : undefined;
  };
  server.script.onFetch = async ({ uid, body }) => {
    if (!body || uid > first) return undefined;
    if (uid >= first - 300) await hasCome;
    if (come >= arrived && ++read === readBack) await kill();
    return undefined;
  };
}

async function countRecorded(job: Job, state: string): Promise<number> {
  await using book = await readMoveBook(state, moveIdentity(job));
  await using ledger = await book?.readLedger({ path: ["INBOX"] });
  return ledger?.size ?? 0;
}

it.each(moments)(
  "$arrived of the second batch have come, $readBack of the first were read back: nothing is lost or doubled",
  async (moment) => {
    const houses = await startHouses({ capabilities: fastTarget });
    try {
      const [source, target] = [addMailbox(houses.old.store, ["INBOX"]), addMailbox(houses.new.store, ["INBOX"])];
      // All of one second, so that no date tells them apart.
      const internalDate = new Date("2004-05-06T07:08:09Z");
      for (let n = 1; n <= total; n++) addMessage(source, letter(`letter ${n % 550}`), { internalDate });
      const state = temporaryFolder();
      const login = (side: "old" | "new") => ({
        protocol: "imap",
        port: houses[side].server.port,
        user: houses[side].store.user,
        password: houses[side].store.password,
      });
      const ends = { from: login("old"), to: { account: login("new") }, stateDirectory: state };
      const { signal } = await runChild({ at: 0, ...ends, job: { name: "ahead" } }, undefined, (child) =>
        killAt(houses.new.server, child, moment),
      );
      expect(signal).toBe("SIGKILL");
      killed += 1;
      houses.new.server.script.onAppend = undefined;
      houses.new.server.script.onFetch = undefined;
      const job = moveTo({ ...houses.new.account, timeoutMs: 2_000 }, houses.old.account, { name: "ahead" });
      if ((await countRecorded(job, state)) === 0) between += 1;
      const resumed = await runMove(job, state);
      expect(resumed.verdict, JSON.stringify(resumed.error)).toBe("safe");
      const bytes = (messages: typeof source.messages) => messages.map((each) => each.bytes.toString()).sort();
      expect(bytes(target.messages)).toEqual(bytes(source.messages));
      expect(await runMove(job, state)).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
      expect(target.messages).toHaveLength(total);
      swept("kill points", 1);
    } finally {
      await houses.close();
    }
  },
);
