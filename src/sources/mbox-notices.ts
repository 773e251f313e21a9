// What is worth knowing about a foreign mbox file.

import type { MboxDialect } from "../formats/mbox-dialect.ts";
import type { SourceNotice } from "./source.ts";

/** A message with lines that are `From ` behind `>`, of which nobody can know who put the `>` there. */
export interface Doubt {
  /** Of the message in the file, counted from 1. */
  readonly number: number;
  readonly lines: number;
}

const mostNamed = 5;

/** One notice for a mailbox; undefined if there is no doubt. */
export function noticeOfDoubts(
  mailbox: readonly string[],
  dialect: MboxDialect,
  doubts: readonly Doubt[],
): SourceNotice | undefined {
  const lines = doubts.reduce((sum, doubt) => sum + doubt.lines, 0);
  if (lines === 0) return undefined;
  const numbers = doubts.slice(0, mostNamed).map(({ number }) => number);
  const more = doubts.length > mostNamed ? ` and ${doubts.length - mostNamed} more` : "";
  const which = `message${doubts.length === 1 ? "" : "s"} ${numbers.join(", ")}${more}`;
  const what = lines === 1 ? 'one line begins with ">From "' : `${lines} lines begin with ">From "`;
  const done =
    dialect === "unquoted"
      ? "the > was kept, as this file has lines that nobody quoted"
      : "the > was taken off, as most programs put it there to mark the line";
  return {
    code: "S603",
    mailbox,
    reason: `${what}, and nothing tells whether the sender wrote the > or a mail program: ${done} (${which})`,
  };
}

/** The first entry is left out, since it is no mail. */
export function noticeOfFolderData(mailbox: readonly string[]): SourceNotice {
  const reason = "the first entry of the file is left out: it is not mail, but a mail program's note to itself";
  return { code: "S602", mailbox, reason };
}
