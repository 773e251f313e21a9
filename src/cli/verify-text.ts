// What a verification of an archive has found, for people.

import { printable } from "../formats/printable.ts";
import { type CompareReport, isComplete } from "../jobs/compare.ts";
import type { VerifyReport } from "../jobs/verify-report.ts";
import { formatBlock } from "./block.ts";
import { allStored, type ComparisonOptions, shortcomings } from "./comparison.ts";
import { damagedMessages, standingOf } from "./damage.ts";
import { failureBlocks } from "./failures.ts";
import { commandLine, mailboxName, placeName } from "./names.ts";
import { joinSections } from "./summary.ts";
import { formatTable } from "./table.ts";
import { formatCount, formatOctets, plural } from "./units.ts";
import { paintVerdict } from "./verdict.ts";

export function isIntact({ problems, messages, intact }: VerifyReport): boolean {
  return problems.length === 0 && intact === messages;
}

/** The result for people; the last line is the verdict. Ends with a line end. */
export function formatVerification(report: VerifyReport, options: ComparisonOptions): string {
  return formatSections([...verificationSections(report, options), [verificationVerdict(report, options)]]);
}

export function formatSections(sections: readonly (readonly string[])[]): string {
  return `${joinSections(sections).join("\n")}\n`;
}

export function verificationSections(report: VerifyReport, { cwd, paint, verbose }: ComparisonOptions): string[][] {
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
  return [
    [paint.bold(`${place}: ${printable(report.account)}, ${formatOf(report)}, ${formatOctets(report.octets)} of mail`)],
    ...(rows.length > 0 ? [table] : []),
    ...failureBlocks(damages, verbose).map((block) => formatBlock(block, paint)),
    damagedMessages(report.problems, verbose),
    ...standingOf(report, verbose),
  ];
}

/** `mbox`, or `mbox in a zip` */
function formatOf({ format, pack }: VerifyReport): string {
  return pack === undefined ? format : `${format} in a ${pack}`;
}

export function verificationVerdict(
  report: VerifyReport,
  { paint, cwd, language }: ComparisonOptions,
  comparison?: CompareReport,
): string {
  const lost = report.lost?.length ?? 0;
  const before = lost === 0 ? "" : `; ${formatCount(lost)} ${lost === 1 ? "was" : "were"} lost before`;
  const counts = `${formatCount(report.intact)} of ${plural(report.messages, "message")} re-read intact${before}`;
  if (!isIntact(report)) {
    const next =
      report.pack === undefined
        ? `To mend it: ${commandLine("mailferry", "verify", placeName(report.archive, cwd), "--repair")}`
        : "Keep this file as it is, and look at another pack or at the archive itself.";
    return `${paintVerdict("failed", paint, language)} ${counts}. ${next}`;
  }
  if (comparison === undefined) return `${paintVerdict("safe", paint, language)} ${counts}.`;
  if (isComplete(comparison))
    return `${paintVerdict("safe", paint, language)} ${counts}; ${allStored(comparison, language)}.`;
  const next = "To bring what is missing, run its job again.";
  return `${paintVerdict("incomplete", paint, language)} ${shortcomings(comparison, language)}; ${counts}. ${next}`;
}
