// The page of a very large archive: made in memory that has room for the columns of one ledger, whatever is in it.

import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jobReport, mailboxReport } from "./support/job-report.ts";
import { temporaryFolder } from "./support/jobs.ts";
import { runMeasured } from "./support/measured-cli.ts";
import { readPage } from "./support/pages.ts";
import { writeLedgers } from "./support/synthetic-archive.ts";

const messages = Number(process.env.SCALE_MESSAGES ?? 200_000);

test(`an archive of ${messages} messages has a page of some kilobytes, and asks for no more memory than its ledger`, async () => {
  const cwd = temporaryFolder();
  const archive = join(cwd, "big");
  const first = Date.UTC(2001, 0);
  const step = (Date.UTC(2026, 10) - first) / messages;
  await writeLedgers(archive, {
    INBOX: (function* () {
      for (let n = 0; n < messages; n++)
        yield { key: `${n}`, size: 1000 + (n % 977), date: new Date(first + n * step) };
    })(),
  });
  mkdirSync(join(archive, "runs"), { recursive: true });
  const report = jobReport({ to: archive, mailboxes: [mailboxReport("INBOX", { onServer: messages })] });
  writeFileSync(join(archive, "runs", "2026-11-22T02-30-12Z-big.json"), JSON.stringify(report));
  const { code, peak, seconds, stderr } = await runMeasured(["report", "./big", "--html", "big.html"], { cwd });
  expect(code, stderr).toBe(0);
  console.log(`report --html, ${messages} messages: ${peak} MB at most, ${seconds.toFixed(1)} s`);
  expect(statSync(join(cwd, "big.html")).size).toBeLessThan(200_000);
  const { text } = readPage(readFileSync(join(cwd, "big.html"), "utf8"));
  expect(text).toContain(`${messages.toLocaleString("en")} messages, `);
  if (!Number.isNaN(peak)) expect(peak).toBeLessThan(220 + (75 * messages) / 1_000_000);
}, 600_000);
