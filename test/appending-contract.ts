// What every target that messages are moved into has to come to, whatever it offers.

import { afterEach, describe, expect, it } from "vitest";
import {
  closeHouses,
  commands,
  expectEqual,
  fill,
  job,
  numbered,
  saysSubject,
  start,
  subjects,
} from "./support/appending.ts";
import { temporaryFolder } from "./support/jobs.ts";
import { type appendingTargets, deliver, runMove } from "./support/moves.ts";

export function appendingContract(targets: typeof appendingTargets): void {
  afterEach(closeHouses);

  describe.each(targets)("a target that offers $offers", ({ offers, capabilities }) => {
    it("gets every message once, in its octets, with its flags and its date", async () => {
      const all = await start({ capabilities });
      fill(all);
      const state = temporaryFolder();
      const report = await runMove(job(all), state);
      expect(report).toMatchObject({ verdict: "safe", failures: [] });
      await expectEqual(all);
      const sent = commands(all).length;
      if (offers.includes("LITERAL+ MULTIAPPEND")) expect(sent).toBeLessThan(report.messages.copied / 2);
      expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
      expect(commands(all).length).toBe(sent);
    });

    it("names the one that it refuses, and that alone", async () => {
      const all = await start({ capabilities });
      deliver(all.old.store, ["INBOX"], ...numbered(30));
      all.new.server.script.onAppend = ({ bytes }) =>
        saysSubject(bytes, "letter 7") ? { no: "[TOOBIG] That is too much" } : undefined;
      const report = await runMove(job(all), temporaryFolder());
      expect(report.failures).toMatchObject([{ code: "M402", key: "8", reason: /That is too much/ }]);
      expect(subjects(all).sort()).toEqual(
        numbered(30)
          .filter((each) => each !== "letter 7")
          .sort(),
      );
    });

    it("gets every message once although an answer is lost among others", async () => {
      const all = await start({ capabilities });
      deliver(all.old.store, ["INBOX"], ...numbered(20), "twin", "twin", "twin");
      let lost = 0;
      all.new.server.script.onAppend = ({ count }) => {
        if (count % 9 !== 0 || lost > 2) return undefined;
        lost += 1;
        return lost % 2 === 0 ? "cut-before-store" : "lost-answer";
      };
      expect(await runMove(job(all, { retry: { attempts: 5, maxWaitMs: 0 } }), temporaryFolder())).toMatchObject({
        verdict: "safe",
      });
      expect(lost).toBeGreaterThan(0);
      expect(subjects(all).sort()).toEqual([...numbered(20), "twin", "twin", "twin"].sort());
    });
  });
}
