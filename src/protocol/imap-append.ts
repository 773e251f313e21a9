// APPEND (RFC 9051 section 6.3.12): one message into the selected mailbox, and what a server's refusal of it means.

import type { ErrorCode, ErrorRetry } from "../errors.ts";
import { MailferryError } from "../errors.ts";
import { printable, quoteServer } from "../formats/printable.ts";
import { type Refusal, refusalOf } from "./imap-errors.ts";
import type { ImapSession } from "./imap-session.ts";

export interface MessageToAppend {
  readonly octets: Buffer;
  /** Each of them accepted by the mailbox: imapflow drops others without a word. */
  readonly flags: readonly string[];
  readonly internalDate: Date | undefined;
}

export type AppendOutcome =
  /** `uid` is what APPENDUID says (RFC 4315): a hint. */
  | { readonly uid: number | undefined }
  | { readonly refused: { readonly code: ErrorCode; readonly reason: string; readonly final: boolean } };

/**
 * Appends to the mailbox that the session has selected under this name. Rejects with scope "session" or "mailbox": then it
 * is not known whether the message was stored. NUL goes as a literal8 where BINARY (RFC 3516) is offered.
 */
export async function appendMessage(
  session: ImapSession,
  path: readonly string[],
  name: string,
  message: MessageToAppend,
): Promise<AppendOutcome> {
  const { octets, flags, internalDate } = message;
  const limit = appendLimit(session);
  if (octets.length > limit) return { refused: tooBig(`it takes messages up to ${limit} octets`) };
  try {
    const answer = await session.client.append(name, octets, [...flags], internalDate);
    if (answer === false) throw session.classify(new Error("the connection was lost")) ?? new Error("not logged in");
    return { uid: answer.uid };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw session.classify(error) ?? error;
    const whole = spoilsMailbox(refusal, path, error);
    if (whole !== undefined) throw whole;
    const wholeSession = session.classify(error);
    if (wholeSession !== undefined) throw wholeSession;
    // Cyrus and Courier know no time before 1970: better a message under another date than none.
    if (internalDate !== undefined && (/\bdate/i.test(refusal.words) || internalDate.getTime() < 0)) {
      return appendMessage(session, path, name, { ...message, internalDate: undefined });
    }
    return { refused: refusedBy(refusal) };
  }
}

/** The error for a refusal that the next message would meet too; undefined if it may be about this message alone. */
export function spoilsMailbox(refusal: Refusal, path: readonly string[], cause?: unknown): MailferryError | undefined {
  const words = quoteServer(refusal.words);
  if (isOverQuota(refusal)) return overQuota(`the server answered ${words}`, cause);
  if (refusal.code === "TRYCREATE" || refusal.code === "NONEXISTENT") {
    return mailboxNotWritable(path, `it is gone: the server answered ${words}`, "now");
  }
  if (refusal.code === "NOPERM" || refusal.code === "READ-ONLY" || noRight.test(refusal.words)) {
    return mailboxNotWritable(path, `the server answered ${words}`, "later");
  }
  return undefined;
}

/** The largest message that the server says it takes (RFC 7889), in octets. */
export function appendLimit({ client }: ImapSession): number {
  const limits = [client.capabilities.get("APPENDLIMIT"), client.mailbox === false ? 0 : client.mailbox.appendlimit];
  const known = limits.filter((limit): limit is number => typeof limit === "number" && limit > 0);
  return Math.min(...known, Number.POSITIVE_INFINITY);
}

function refusedBy(refusal: Refusal): { code: ErrorCode; reason: string; final: boolean } {
  const words = quoteServer(refusal.words);
  if (refusal.code === "TOOBIG" || refusal.code === "APPENDLIMIT" || tooLarge.test(refusal.words)) {
    return tooBig(`the server answered ${words}`);
  }
  return { code: "M403", reason: `the server answered ${words}`, final: !isPassing(refusal) };
}

function tooBig(reason: string): { code: ErrorCode; reason: string; final: boolean } {
  return { code: "M402", reason, final: true };
}

/** A refusal that says nothing about the message: the same may be taken tomorrow. */
function isPassing({ code, words }: Refusal): boolean {
  return passingCodes.has(code) || /temporar|try again|later|internal (server )?error|timed? ?out/i.test(words);
}

const passingCodes = new Set(["UNAVAILABLE", "INUSE", "SERVERBUG", "CONTACTADMIN", "LIMIT"]);
const tooLarge = /too (large|big|long)\b|size limit|(exceeds?|over) (the )?(maximum|max\b|limit|size)/i;
const noRight = /permission denied|read-?only/i;

function isOverQuota({ code, words }: Refusal): boolean {
  return code === "OVERQUOTA" || /over ?quota|quota exceeded|mailbox (is )?full/i.test(words);
}

/** The account takes no more mail: trying with each of the others would change nothing. */
export function overQuota(reason: string, cause?: unknown): MailferryError {
  return new MailferryError("D507", `the target account is full: ${reason}`, {
    scope: "session",
    retry: "later",
    remedy: "Make room there, or have its quota raised; then run again: it goes on where it stopped.",
    cause,
  });
}

export function mailboxNotWritable(path: readonly string[], reason: string, retry: ErrorRetry): MailferryError {
  return new MailferryError("S602", `mailbox ${printable(path.join("/"))} can't be written: ${reason}`, {
    scope: "mailbox",
    retry,
  });
}
