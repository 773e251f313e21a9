// What an IMAP server's refusals and imapflow's errors mean: what is spoilt, and whether to try again.

import { type Account, describeAccount } from "../account.ts";
import { type ErrorCode, type ErrorDetails, MailferryError } from "../errors.ts";
import { quoteServer } from "../formats/printable.ts";
import { classifyConnectionError, encryptionNotOffered, endedWithoutWord, silent } from "./connection.ts";

/** A server's NO or BAD to one command. */
export interface Refusal {
  readonly status: string;
  /** The response code in its brackets (RFC 9051 section 7.1), upper case, or an empty string. */
  readonly code: string;
  readonly words: string;
}

/** The refusal in an error of imapflow; undefined if the error is of another kind, such as a lost connection. */
export function refusalOf(error: unknown): Refusal | undefined {
  const status = textOf(error, "responseStatus");
  if (status !== "NO" && status !== "BAD") return undefined;
  const code = textOf(error, "serverResponseCode") ?? bracketedCode(error);
  return { status, code: code.toUpperCase(), words: textOf(error, "responseText") ?? status };
}

/** The error for a server that breaks the protocol, with a code of imapflow's, as `classifySessionError` knows it. */
export function broken(code: string, what: string): Error {
  return Object.assign(new Error(what), { code });
}

/** The words of an untagged BYE (RFC 9051 section 7.1.5); undefined if the line is none. */
export function byeIn(line: string): string | undefined {
  const bye = /^\* BYE(?: (?:\[[^\]]*\] ?)?(.*))?$/i.exec(line);
  return bye === null ? undefined : (bye[1] ?? "");
}

/**
 * The error in mid-session: a refusal that concerns the session as a whole, a broken protocol or a lost connection.
 * A refusal that concerns only what was asked for gives undefined: the caller knows what that was.
 */
export function classifySessionError(error: unknown, account: Account): MailferryError | undefined {
  if (error instanceof MailferryError) return error;
  // A bug must not pass for a lost connection.
  if (error instanceof TypeError || error instanceof RangeError) throw error;
  const refusal = refusalOf(error);
  if (refusal !== undefined) return classifyRefusal(refusal, account);
  const code = textOf(error, "code");
  if (code !== undefined && (brokenProtocol.has(code) || code.startsWith("ParserError"))) {
    return new MailferryError("N307", `${where(account)} broke the IMAP protocol: ${quoteServer(messageOf(error))}`, {
      scope: "session",
      retry: passing.has(code) ? "now" : "later",
      remedy: "Try again later; if it stays, tell the provider.",
      cause: error,
    });
  }
  if (code !== undefined && timeouts.has(code)) {
    return silent(account);
  }
  const closed = code === "NoConnection" || code === "EConnectionClosed" || code?.startsWith("ClosedAfterConnect");
  const bye = textOf(error, "reason");
  if (closed && bye !== undefined) {
    const isUsedUp = usedUp.test(bye);
    return new MailferryError(
      isUsedUp || limitReached.test(bye) || throttled.test(bye) ? "N304" : "N302",
      `${where(account)} closed the connection: ${quoteServer(bye)}`,
      {
        scope: "session",
        retry: isUsedUp ? "later" : "now",
        waitMs: backOffOf(bye),
        cause: error,
        ...(isUsedUp ? { remedy: comeTomorrow } : {}),
      },
    );
  }
  if (closed) {
    return endedWithoutWord(account, error);
  }
  return classifyConnectionError(error, account);
}

/** How far the opening of a session had come. */
export interface Opening {
  /** The server's words if it refused STARTTLS. */
  readonly refused?: string | undefined;
  /** The secret had been asked for: it may have been sent. */
  readonly wasAsked: boolean;
}

/** The error of a session that could not be opened: the way to the server, its encryption, or the log-in. */
export function classifyOpeningError(error: unknown, account: Account, opening: Opening): MailferryError {
  if (error instanceof MailferryError) return error;
  const message = messageOf(error);
  if (textOf(error, "code") === "STARTTLS_INJECTION") {
    return new MailferryError(
      "N307",
      `${where(account)} sent plain text after it agreed to STARTTLS, as an attacker would; no password was sent`,
      { scope: "session", retry: "never", remedy: "Use tls: implicit with port 993.", cause: error },
    );
  }
  // imapflow's own refusal to go on without encryption carries no code of a socket.
  if (flagOf(error, "tlsFailed") && textOf(error, "code") === undefined) {
    return encryptionNotOffered(account, "STARTTLS", /PREAUTH/.test(message) ? "PREAUTH" : opening.refused);
  }
  if (flagOf(error, "authenticationFailed")) return classifyLogIn(error, account);
  // Some say good-bye in place of NO.
  const bye = textOf(error, "reason");
  if (opening.wasAsked && bye !== undefined && refusesLogIn.test(bye)) {
    return classifyLogIn({ responseStatus: "NO", responseText: bye }, account);
  }
  return classifySessionError(error, account) ?? classifyLogIn(error, account);
}

function classifyLogIn(error: unknown, account: Account): MailferryError {
  const refusal = refusalOf(error);
  const words = refusal?.words ?? textOf(error, "response") ?? messageOf(error);
  const code = refusal?.code ?? "";
  const fail = (errorCode: ErrorCode, retry: ErrorDetails["retry"], remedy: string): MailferryError =>
    new MailferryError(
      errorCode,
      `${account.host} refused the log-in for ${describeAccount(account)}: ${quoteServer(words)}`,
      {
        scope: "session",
        retry,
        remedy,
        waitMs: backOffOf(words),
        isLogInRefused: refusal !== undefined && errorCode.startsWith("A"),
        cause: error,
      },
    );
  if (notConnected.test(words)) return fail("N302", "now", "Nothing to do: the provider's servers are busy.");
  if (code === "UNAVAILABLE" || code === "INUSE" || code === "LIMIT" || limitReached.test(words)) {
    return fail("N304", "now", "Set connections to 1 or 2, and close other mail programs.");
  }
  if (/app(lication)?[- ]?(specific )?password|generate a password/i.test(words)) {
    return fail("A202", "never", "Make an app password in the provider's security settings, and use that.");
  }
  if (/(imap|protocol|pop).{0,40}(disabled|not enabled|switched off|turned off|not allowed)/i.test(words)) {
    return fail("A204", "never", "Switch IMAP access on in the provider's web settings.");
  }
  if (code === "PRIVACYREQUIRED") {
    return fail("A203", "never", "Set tls: implicit or tls: starttls: the server wants encryption.");
  }
  if (/basic auth|web login required|log in via your web browser|oauth/i.test(words)) {
    return fail("A203", "never", "The provider takes no plain password any more: ask it for an app password.");
  }
  return fail("A201", "never", "Check user name and password; the provider may want IMAP access switched on first.");
}

function classifyRefusal(refusal: Refusal, account: Account): MailferryError | undefined {
  const { code, words } = refusal;
  const fail = (errorCode: ErrorCode, retry: ErrorDetails["retry"], remedy?: string): MailferryError =>
    new MailferryError(errorCode, `${where(account)} can't go on: ${quoteServer(words)}`, {
      scope: "session",
      retry,
      remedy,
      waitMs: backOffOf(words),
    });
  if (notConnected.test(words)) return fail("N302", "now");
  if (code === "OVERQUOTA" || usedUp.test(words)) return fail("N304", "later", comeTomorrow);
  if (code === "THROTTLED" || code === "LIMIT" || throttled.test(words) || limitReached.test(words)) {
    return fail("N304", "now");
  }
  if (code === "AUTHENTICATIONFAILED" || code === "AUTHORIZATIONFAILED") return fail("A201", "never");
  return undefined;
}

/** The error for a server that asked for a pause of so many milliseconds. */
export function throttleError(account: Account, waitMs: number): MailferryError {
  return new MailferryError("N304", `${where(account)} is busy and asks for a pause of ${Math.ceil(waitMs / 1000)} s`, {
    scope: "session",
    retry: "now",
    waitMs,
    remedy: "Set connections to 1 or 2 if it happens often.",
  });
}

/** The error for an account whose mailboxes the server does not tell. */
export function notListed(account: Account, error: unknown): MailferryError {
  const words = refusalOf(error)?.words ?? "";
  return new MailferryError("S602", `${account.host} refused to list the mailboxes: ${quoteServer(words)}`, {
    scope: "session",
    retry: "now",
    cause: error,
  });
}

/** The error for a mailbox that the server will not open or that changed under our hands. */
export function mailboxNotUsable(
  path: readonly string[],
  reason: string,
  retry: ErrorDetails["retry"] = "later",
): MailferryError {
  return new MailferryError("S602", `mailbox ${quoteServer(path.join("/"))} can't be read: ${reason}`, {
    scope: "mailbox",
    retry,
  });
}

/** The error for a mailbox of which all that is listed can be read, but that may not be all. */
export function mailboxNotWhole(path: readonly string[], reason: string): MailferryError {
  return new MailferryError("S602", `mailbox ${quoteServer(path.join("/"))} may have more than what came: ${reason}`, {
    scope: "mailbox",
    retry: "now",
  });
}

/**
 * The error for a message that is there but that the server does not hand over. Its key is left out: it stands beside
 * the reason wherever that is said, and equal reasons are said once.
 */
export function unreadable(reason: string): MailferryError {
  return new MailferryError("M401", reason, {
    scope: "message",
    retry: "later",
    remedy: "Open it in the provider's webmail; it is tried again in the next run.",
  });
}

/** The wait a server asks for (Microsoft 365: "Suggested Backoff Time: 92415 milliseconds"), in milliseconds. */
function backOffOf(words: string): number | undefined {
  const found = /Back-?off Time[:=\s]+(\d{1,9})\b/i.exec(words)?.[1];
  return found === undefined ? undefined : Number(found);
}

const usedUp = /bandwidth limit/i;
const comeTomorrow = "Run it again tomorrow: what came before is safe, and it goes on where it stopped.";
const throttled = /request is throttled|back-?off time|rate limit/i;
const limitReached =
  /too many (simultaneous |concurrent |open )?(connections|sessions|logins)|(maximum|max) number of connections|connection limit/i;
const refusesLogIn =
  /(authentication|log-?in)( has)? (failed|failure|rejected|denied|incorrect|unsuccessful)|invalid (credentials|log-?in|user)|(wrong|bad|incorrect|invalid) password/i;
const notConnected = /user is authenticated but not connected/i;
const timeouts = new Set(["ETIMEOUT", "CONNECT_TIMEOUT", "GREETING_TIMEOUT", "UPGRADE_TIMEOUT"]);
/**
 * The next connection goes without compression (protocol/imap-compression.ts); and whoever asks for one message at a time
 * finds the one whose answer can't be followed.
 */
const passing = new Set([
  "CompressionBroken",
  "LiteralTooLarge",
  "LineTooLarge",
  "ResponseTooLarge",
  "TooManyTokens",
  "TooManyResponses",
  "UnexpectedTag",
  "InvalidResponse",
]);
const brokenProtocol = new Set([...passing, "MissingTag", "ResponseProcessingFailed", "MAX_IMAP_NESTING_REACHED"]);

function where(account: Account): string {
  return `${account.host}:${account.port}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(error: unknown, name: string): string | undefined {
  const value = propertyOf(error, name);
  return typeof value === "string" ? value : undefined;
}

function flagOf(error: unknown, name: string): boolean {
  return propertyOf(error, name) === true;
}

/** The response code where imapflow leaves it: in the parsed response, `{attributes: [{section: [{value}]}]}`. */
function bracketedCode(error: unknown): string {
  const attributes = propertyOf(propertyOf(error, "response"), "attributes");
  const section = propertyOf(Array.isArray(attributes) ? attributes[0] : undefined, "section");
  return textOf(Array.isArray(section) ? section[0] : undefined, "value") ?? "";
}
