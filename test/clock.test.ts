// A clock that is wrong, jumps or stands still decides nothing: what is stored, what is known and what came last stay as
// they are.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore } from "../src/demo/mail-store.ts";
import { runJobs } from "../src/index.ts";
import { lastReportOf } from "../src/jobs/last-report.ts";
import { runsOf } from "../src/jobs/run-record.ts";
import { verifyArchive } from "../src/jobs/verify.ts";
import { multiset, readBack } from "./support/archives.ts";
import { digestsServed } from "./support/crossing.ts";
import { accountOn, jobTo, temporaryFolder } from "./support/jobs.ts";

/** The end of 32 bits, the beginning of time, the hour that comes twice, one second twice, and long ago. */
const times = [
  "2026-11-26T02:30:00Z",
  "2038-01-19T03:14:08Z",
  "1970-01-01T00:00:00Z",
  "2026-10-25T00:30:00Z",
  "2026-10-25T01:30:00Z",
  "2026-10-25T01:30:00Z",
  "9999-12-31T23:59:59Z",
  "1969-12-31T23:59:59Z",
].map((text) => new Date(text));

test.each(["maildir", "mbox"] as const)(
  "whatever the clock says, each run brings what is new, once (%s)",
  async (format) => {
    const store = createMailStore("ada", "secret-of-ada");
    const inbox = addMailbox(store, ["INBOX"]);
    const server = await startImapServer({ store });
    try {
      const [archive, stateDirectory] = [temporaryFolder(), temporaryFolder()];
      const account = accountOn({ protocol: "imap", port: server.port, user: store.user, password: store.password });
      const job = jobTo(archive, format, account, { timeZone: "Europe/Paris" });
      const run = (at: Date) =>
        runJobs([job], { concurrency: 2, stateDirectory, trigger: "schedule", clock: () => at });
      for (const [index, at] of times.entries()) {
        // The message is as old as the clock says; each has a date of its own time.
        addMessage(inbox, `Subject: ${index}\r\n\r\n${index}\r\n`, { internalDate: at });
        expect(await run(at)).toMatchObject({ verdict: "safe", jobs: [{ messages: { copied: 1 } }] });
        const octets = server.messageOctetsSent();
        expect(await run(at)).toMatchObject({ verdict: "safe", jobs: [{ octets: 0, messages: { copied: 0 } }] });
        expect(server.messageOctetsSent() - octets).toBe(0);
        const last = await lastReportOf(job, stateDirectory);
        expect(last?.report).toMatchObject({
          startedAt: at.toISOString(),
          messages: { copied: 0, settled: index + 1 },
        });
      }
      const stored = await readBack(archive);
      expect(multiset(stored)).toEqual(digestsServed(store, "imap"));
      expect(stored.map(({ internalDate }) => internalDate?.getTime()).sort()).toEqual(times.map(Number).sort());
      expect((await verifyArchive(archive)).problems).toEqual([]);
      expect(readdirSync(join(archive, "runs"))).toHaveLength(2 * times.length);
      const remembered = await runsOf(job, stateDirectory);
      expect(remembered.map(({ startedAt }) => startedAt)).toEqual(
        times.flatMap((at) => [at.toISOString(), at.toISOString()]),
      );
    } finally {
      await server.close();
    }
  },
);
