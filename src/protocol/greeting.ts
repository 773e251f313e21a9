// The first words of a server. Where something else answers in its place, as in a hotel's network before one has logged in
// there, its words say so better than the silence that would follow.

import type { Socket } from "node:net";
import { MailferryError } from "../errors.ts";
import { quoteServer } from "../formats/printable.ts";
import { type Endpoint, endedWithoutWord, silent } from "./connection.ts";

/** Octets of a first line that is none of a mail server. RFC 9051 knows no limit; capabilities take some 500. */
const longestGreeting = 64 * 1024;
const LF = 0x0a;

const greetings = { imap: /^\* (?:OK|PREAUTH|BYE)(?:\s|$)/i, pop3: /^(?:\+OK|-ERR)(?:\s|$)/i };

/** True for the first line of a server of the account's protocol (RFC 9051 section 7.1, RFC 1939 section 4). */
export function isGreeting({ protocol }: Pick<Endpoint, "protocol">, line: string): boolean {
  return greetings[protocol].test(line);
}

/** The error for a first line that is no greeting. */
export function notGreeted(account: Endpoint, line: string): MailferryError {
  const { who, remedy } = speakerOf(account, line);
  return new MailferryError(
    "N307",
    `${account.host}:${account.port} ${who}: it began with ${quoteServer(line)}; no password was sent`,
    { scope: "session", retry: "later", remedy },
  );
}

function speakerOf({ protocol }: Endpoint, line: string): { readonly who: string; readonly remedy: string } {
  const [own, other] = protocol === "imap" ? (["IMAP", "pop3"] as const) : (["POP3", "imap"] as const);
  if (/^HTTP\/\d/i.test(line) || /^\s*<(!doctype|html)/i.test(line)) {
    return {
      who: "answers like a web server, not a mail server",
      remedy:
        "In a network that wants a log-in of its own (hotel, train, guest), log in to that in a browser first; otherwise check host and port.",
    };
  }
  if (greetings[other].test(line)) {
    return { who: `speaks ${other.toUpperCase()}, not ${own}`, remedy: `Set protocol: ${other}, or check the port.` };
  }
  if (/^220[ -]/.test(line)) {
    return { who: `speaks SMTP, which sends mail, not ${own}`, remedy: "Check host and port." };
  }
  return { who: `does not speak ${own}`, remedy: "Check host and port." };
}

/**
 * Calls `next` when the greeting is there, for whoever reads from the socket then, first line and all; nobody may before. It
 * has to come whole within the timeout: whatever comes instead, or the end, destroys the socket with the reason.
 */
export function awaitGreeting(socket: Socket, account: Endpoint, next: () => void): void {
  let octets = Buffer.alloc(0);
  const settle = () => {
    clearTimeout(timer);
    socket.off("data", onData).off("end", onEnd).off("close", settle);
  };
  const fail = (error: MailferryError) => {
    settle();
    socket.destroy(error);
  };
  const onData = (chunk: Buffer) => {
    octets = Buffer.concat([octets, chunk]);
    const end = octets.indexOf(LF);
    if (end < 0 && octets.length <= longestGreeting) return;
    const line = octets.toString("utf8", 0, end < 0 ? longestGreeting : end).replace(/\r$/, "");
    if (end < 0 || !isGreeting(account, line)) return fail(notGreeted(account, line));
    settle();
    socket.pause();
    socket.unshift(octets);
    next();
  };
  const onEnd = () => fail(endedWithoutWord(account));
  const timer = setTimeout(() => fail(silent(account)), account.timeoutMs);
  socket.on("data", onData).on("end", onEnd).on("close", settle);
}
