// What a verification of an archive has found, for people.

import { printable } from "../formats/printable.ts";
import { type CompareReport, isComplete } from "../jobs/compare.ts";
import type { Verdict } from "../jobs/events.ts";
import type { VerifyReport } from "../jobs/verify-report.ts";
import { formatName, intactText, ownerName } from "./archive-words.ts";
import { formatBlock } from "./block.ts";
import { allStored, type ComparisonOptions, shortcomings } from "./comparison.ts";
import { damagedMessages, standingOf } from "./damage.ts";
import { failureBlocks } from "./failures.ts";
import { commandLine, mailboxName, placeName } from "./names.ts";
import { joinSections } from "./summary.ts";
import { formatTable } from "./table.ts";
import { verifyTexts } from "./texts/verify.ts";
import { unitsIn } from "./units.ts";
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

export function verificationSections(report: VerifyReport, options: ComparisonOptions): string[][] {
  const { cwd, paint, verbose, language } = options;
  const say = verifyTexts.in(language);
  const { count, octets } = unitsIn(language);
  const rows = report.mailboxes.map(({ path, messages, intact }) => [
    { text: mailboxName(path) },
    { text: count(messages) },
    { text: count(intact), paint: intact < messages ? paint.red : undefined },
  ]);
  const table = formatTable(
    [
      { title: say("column.mailbox"), align: "left", minWidth: 14, maxWidth: 40 },
      { title: say("column.messages"), align: "right" },
      { title: say("column.intact"), align: "right" },
    ],
    rows,
  );
  const title = say("title", {
    place: placeName(report.archive, cwd),
    account: printable(ownerName(report.account, language)),
    format: formatName(report, language),
    size: octets(report.octets),
  });
  const damages = report.problems.map((problem) => ({ code: "V901", ...problem }));
  return [
    [paint.bold(title)],
    ...(rows.length > 0 ? [table] : []),
    ...failureBlocks(damages, verbose, mailboxName, language).map((block) => formatBlock(block, paint, language)),
    damagedMessages(report.problems, { verbose, language }),
    ...standingOf(report, { verbose, language }),
  ];
}

export function verificationVerdict(
  report: VerifyReport,
  { paint, cwd, language }: ComparisonOptions,
  comparison?: CompareReport,
): string {
  const say = verifyTexts.in(language);
  const verdict = (word: Verdict, text: string) => `${paintVerdict(word, paint, language)} ${text}`;
  const lost = report.lost?.length ?? 0;
  const counts = intactText(report, language) + (lost === 0 ? "" : say("lost.before", { count: lost }));
  if (!isIntact(report)) {
    const command = commandLine("mailferry", "verify", placeName(report.archive, cwd), "--repair");
    const isPack = report.pack !== undefined;
    return verdict("failed", isPack ? say("failed.pack", { counts }) : say("failed.mend", { counts, command }));
  }
  if (comparison === undefined) return verdict("safe", say("sentence", { text: counts }));
  if (isComplete(comparison)) {
    const text = say("and-stored", { counts, stored: allStored(comparison, language) });
    return verdict("safe", say("sentence", { text }));
  }
  const text = say("short-of", { short: shortcomings(comparison, language), counts });
  return verdict("incomplete", say("incomplete.run", { text }));
}
