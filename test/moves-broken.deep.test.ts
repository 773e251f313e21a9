// A move between two accounts, broken off at hundreds of points: by a connection that is cut, by one that falls silent, on
// either side; mail from elsewhere arrives at the target meanwhile. Then the same job again. (kill-points/ has the deaths.)

import PQueue from "p-queue";
import { afterAll, describe, expect, it } from "vitest";
import { addMailbox, addMessage } from "../src/demo/mail-store.ts";
import { sha256 } from "./support/archives.ts";
import { startCuttingProxy } from "./support/cutting-proxy.ts";
import { accountOn, temporaryFolder } from "./support/jobs.ts";
import { spread } from "./support/kill-points.ts";
import { appendingTargets, type Houses, letter, moveTo, runMove, startHouses } from "./support/moves.ts";
import { swept } from "./support/sweep-counts.ts";
import { tortureMessages } from "./support/torture.ts";

const pointsEach = 25;
const counted = { cut: 0, stall: 0 };
afterAll(() => {
  const { cut, stall } = counted;
  console.log(`a move, broken off: ${cut} cuts, ${stall} stalls; 0 lost, 0 duplicated, 0 altered`);
  expect(cut + stall).toBeGreaterThanOrEqual(160);
  swept("cuts and stalls", cut + stall);
});

const fastTargets = appendingTargets.filter(({ offers }) => offers.includes("LITERAL+"));

/** Two accounts, the second on one of the kinds of servers; at every third APPEND a stranger's letter arrives there. */
async function startBusyHouses(kind: number): Promise<{ readonly houses: Houses; strangers(): string[] }> {
  const houses = await startHouses({ capabilities: fastTargets[kind % fastTargets.length]?.capabilities ?? [] });
  const small = tortureMessages().filter(({ bytes }) => bytes.length < 20_000);
  for (const [place, path] of [["INBOX"], ["Sent"], ["Projets", "2026"]].entries()) {
    const mailbox = addMailbox(houses.old.store, path);
    for (const { bytes } of small.slice(place * 5, place * 5 + 14))
      addMessage(mailbox, bytes, { flags: ["\\Seen", "proj"] });
    for (const { bytes } of small.slice(place * 5, place * 5 + 2)) addMessage(mailbox, bytes);
  }
  const foreign: string[] = [];
  let appends = 0;
  houses.new.server.script.onCommand = ({ name }) => {
    if (name !== "APPEND" || ++appends % 3 !== 0) return undefined;
    for (const mailbox of houses.new.store.mailboxes.slice(0, 2)) {
      const bytes = letter(`stranger ${appends} in ${mailbox.path.join("/")}`);
      foreign.push(sha256(bytes));
      addMessage(mailbox, bytes, { internalDate: new Date() });
    }
    return undefined;
  };
  return { houses, strangers: () => foreign };
}

async function expectWhole(houses: Houses, strangers: readonly string[], what: string): Promise<void> {
  const digests = (side: "old" | "new") =>
    houses[side].store.mailboxes.flatMap(({ path, messages }) =>
      messages.map(({ bytes }) => `${path.join("/")} ${sha256(bytes)}`),
    );
  const foreign = new Set(strangers);
  const isOurs = (line: string) => !foreign.has(line.split(" ").at(-1) ?? "");
  expect(digests("new").filter(isOurs).sort(), what).toEqual(digests("old").sort());
}

describe("a move", () => {
  for (const side of ["old", "new"] as const) {
    for (const direction of ["to server", "to client"] as const) {
      for (const how of ["cut", "stall"] as const) {
        it(`loses and doubles nothing where the way ${direction === "to server" ? "to" : "from"} the ${side} server is ${how}`, async () => {
          const attempt = async (after: number, attempts: number): Promise<number> => {
            const { houses, strangers } = await startBusyHouses(after);
            const proxy = await startCuttingProxy(houses[side].server.port);
            const state = temporaryFolder();
            try {
              const account = (house: "old" | "new") =>
                accountOn(
                  {
                    protocol: "imap",
                    port: house === side ? proxy.port : houses[house].server.port,
                    ...houses[house].store,
                  },
                  { timeoutMs: how === "stall" ? 400 : 10_000, connections: house === "old" ? 1 : 2 },
                );
              const job = moveTo(account("new"), account("old"), {
                name: "broken",
                retry: { attempts, maxWaitMs: 0 },
              });
              proxy.arm(after === 0 ? undefined : { direction, after, how });
              await runMove(job, state);
              const total = proxy.passed[direction];
              if (!proxy.arm()) return total;
              counted[how] += 1;
              const resumed = await runMove(job, state);
              const what = `${how} ${direction} of ${side} after ${after} octets`;
              expect(resumed.verdict, `${what}: ${JSON.stringify(resumed)}`).toBe("safe");
              await expectWhole(houses, strangers(), what);
              expect(await runMove(job, state), what).toMatchObject({ octets: 0, messages: { copied: 0 } });
              await expectWhole(houses, strangers(), `${what}, once more`);
              return total;
            } finally {
              await proxy.close();
              await houses.close();
            }
          };
          const total = await attempt(0, 1);
          const queue = new PQueue({ concurrency: 3 });
          await queue.addAll(spread(total, pointsEach).map((after, n) => () => attempt(after, n % 2 === 0 ? 1 : 3)));
        });
      }
    }
  }
});
