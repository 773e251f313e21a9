// Accounts that are filled over a way that is cut: behind every line, inside of the literals of APPEND, and between a message
// and its answer, while the server may still be storing it.

import PQueue from "p-queue";
import { describe, expect, it } from "vitest";
import type { ArrivedMessage } from "../src/demo/imap-server.ts";
import { breaksIn, some } from "./support/break-points.ts";
import { type Limits, record, survives, survivesAll } from "./support/broken-run.ts";
import { intoAccount, oddMail, targets } from "./support/broken-scenes.ts";
import { swept } from "./support/sweep-counts.ts";

const most = 120;
const how = (point: number) => (point % 3 === 2 ? "reset" : "cut");
const limits = (point: number): Limits => ({ attempts: point % 2 === 0 ? 3 : 1, timeoutMs: 1_000 });

describe.each(Object.entries(targets))("%s", (_, setScene) => {
  it("has every message once, wherever the way to it is cut", async () => {
    const { recordings, protocol } = await record(setScene);
    const breaks = some(breaksIn(recordings, protocol, how), most);
    expect(breaks.length).toBeGreaterThan(100);
    swept("cuts and stalls", await survivesAll(setScene, breaks, limits));
  });
});

describe.each([[["UIDPLUS"]], [["LITERAL+"]], [["LITERAL+", "MULTIAPPEND", "UIDPLUS"]]])(
  "an account that offers %s",
  (offers) => {
    it("has every message once, whichever it stores only after the connection is gone", async () => {
      const never = { direction: "to server", after: Number.POSITIVE_INFINITY, how: "cut" } as const;
      const attempt = async (message: number, attempts: number, lateMs: number) => {
        let isLate = false;
        const setScene = intoAccount(offers, (server) => {
          const land = () => new Promise<void>((resolve) => setTimeout(resolve, lateMs));
          server.script.onAppend = ({ count }: ArrivedMessage) => {
            if (count !== message || isLate) return undefined;
            isLate = true;
            return { late: land };
          };
        });
        await survives(setScene, never, { attempts, timeoutMs: 5_000 });
        expect(isLate).toBe(true);
        swept("cuts and stalls", 1);
      };
      const queue = new PQueue({ concurrency: 12 });
      const messages = Array.from({ length: oddMail().length }, (_, n) => n + 1);
      // The quiet that is waited for is half a second: at once, about when it is looked again, and shortly before its end.
      const cases = messages.flatMap((message) =>
        [1, 3].map((attempts, n) => [message, attempts, [0, 30, 250][(message + n) % 3] ?? 0] as const),
      );
      await queue.addAll(cases.map((each) => () => attempt(...each)));
    });
  },
);
