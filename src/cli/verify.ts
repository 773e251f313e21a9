// mailferry verify: reads every message of an archive again and compares it with its ledger.

import { resolve } from "node:path";
import { exitCodes } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { listArchive } from "../jobs/listing.ts";
import { type VerifyReport, verifyArchive } from "../jobs/verify.ts";
import { formatBlock } from "./block.ts";
import { failureBlocks } from "./failures.ts";
import type { Invocation } from "./invocation.ts";
import { formatJson } from "./json.ts";
import { mailboxName, placeName } from "./names.ts";
import type { Paint } from "./screen.ts";
import { formatTable } from "./table.ts";
import { formatCount, formatOctets, plural } from "./units.ts";
import { paintVerdict } from "./verdict.ts";
import { openVerifyProgress } from "./verify-progress.ts";

export async function verify(directory: string, invocation: Invocation): Promise<number> {
  const { options, screen, signal, cwd } = invocation;
  const archive = resolve(cwd, directory);
  const { mailboxes } = await listArchive(archive);
  const messages = mailboxes.reduce((sum, mailbox) => sum + mailbox.messages, 0);
  const progress = await openVerifyProgress(invocation, messages);
  const report = await verifyArchive(archive, { signal, progress: progress.done }).finally(() => progress.stop());

  const intact = isIntact(report);
  const exit = intact ? "ok" : "damaged";
  if (options.json) {
    const verdict = intact ? "safe" : "failed";
    const head = { v: 1, command: "verify", verdict, exit: { code: exitCodes[exit], name: exit } };
    await screen.out(`${formatJson({ ...head, ...report })}\n`);
  } else if (!options.quiet || !intact) {
    await screen.out(formatVerification(report, { cwd, paint: screen.outPaint, verbose: options.verbose === true }));
  }
  return exitCodes[exit];
}

function isIntact({ problems, messages, intact }: VerifyReport): boolean {
  return problems.length === 0 && intact === messages;
}

export interface VerificationOptions {
  readonly cwd: string;
  readonly paint: Paint;
  /** Every problem, however many. */
  readonly verbose: boolean;
}

/** The result for people; the last line is the verdict. Ends with a line end. */
export function formatVerification(report: VerifyReport, { cwd, paint, verbose }: VerificationOptions): string {
  const place = placeName(report.archive, cwd);
  const rows = report.mailboxes.map(({ path, messages, intact }) => [
    { text: mailboxName(path) },
    { text: formatCount(messages) },
    { text: formatCount(intact), paint: intact < messages ? paint.red : undefined },
  ]);
  const table = formatTable(
    [
      { title: "Mailbox", align: "left", minWidth: 14, maxWidth: 40 },
      { title: "Messages", align: "right" },
      { title: "Intact", align: "right" },
    ],
    rows,
  );
  const damages = report.problems.map((problem) => ({ code: "V901", ...problem }));
  const counts = `${formatCount(report.intact)} of ${plural(report.messages, "message")} re-read intact`;
  const verdict = isIntact(report)
    ? `${paintVerdict("safe", paint)} ${counts}.`
    : `${paintVerdict("failed", paint)} ${counts}. Keep this folder as it is; copy the account into a new one.`;
  const sections = [
    [paint.bold(`${place}: ${printable(report.account)}, ${report.format}, ${formatOctets(report.octets)} of mail`)],
    ...(rows.length > 0 ? [table] : []),
    ...failureBlocks(damages, verbose).map((block) => formatBlock(block, paint)),
    [verdict],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
