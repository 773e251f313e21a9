// One message: plausible headers and a body, of about the size that was asked for.

import type { Body } from "./bodies.ts";
import type { Random } from "./random.ts";

export interface CorpusMessage {
  /** Lines end in LF, as Dovecot's Maildir has them; on the wire each becomes CRLF. */
  readonly bytes: Buffer;
  readonly internalDate: Date;
  /** Letters of the Maildir info suffix, in its order. */
  readonly flags: string;
}

const people = ["ada", "grace", "barbara", "radia", "jean", "lynn", "sophie", "margaret"] as const;
const hosts = ["example.org", "example.net", "mail.example.com"] as const;
const subjects = [
  "Minutes of Tuesday",
  "Re: invoice",
  "=?utf-8?Q?R=C3=A9union_du_12?=",
  "Fwd: travel",
  "news",
] as const;
const firstDay = Date.UTC(2015, 0, 1);
const days = 3_600;

/** `number` makes it differ from all others. */
export function makeMessage(
  random: Random,
  makeBody: (size: number) => Body,
  number: number,
  size: number,
): CorpusMessage {
  // Whole seconds: neither IMAP nor every file system has finer ones.
  const internalDate = new Date(firstDay + random.below(days * 86_400) * 1000);
  const sent = new Date(internalDate.getTime() - random.below(600) * 1000);
  const [from, to, host] = [random.pick(people), random.pick(people), random.pick(hosts)];
  const headerOf = (body: Body) =>
    [
      `Return-Path: <${from}@${host}>`,
      `Received: from relay.${host} (relay.${host} [192.0.2.${random.below(256)}])`,
      `\tby mx.example.org (Postfix) with ESMTPS id ${number.toString(36).toUpperCase().padStart(8, "0")}`,
      `\tfor <${to}@example.org>; ${formatDate(internalDate)}`,
      `From: ${from} <${from}@${host}>`,
      `To: ${to} <${to}@example.org>`,
      `Subject: ${random.pick(subjects)} ${number}`,
      `Date: ${formatDate(sent)}`,
      `Message-ID: <${number}.${random.below(2 ** 32).toString(16)}@${host}>`,
      "MIME-Version: 1.0",
      `Content-Type: ${body.kind.contentType}`,
      `Content-Transfer-Encoding: ${body.kind.encoding}`,
      "",
      "",
    ].join("\n");
  const body = makeBody(Math.max(40, size - 650));
  return { bytes: Buffer.concat([Buffer.from(headerOf(body)), body.bytes]), internalDate, flags: makeFlags(random) };
}

/** As RFC 5322 (3.3) writes it. */
function formatDate(date: Date): string {
  return date.toUTCString().replace("GMT", "+0000");
}

function makeFlags(random: Random): string {
  const flagged = random.below(100) < 5 ? "F" : "";
  const answered = random.below(100) < 10 ? "R" : "";
  const seen = random.below(100) < 75 ? "S" : "";
  return `${flagged}${answered}${seen}`;
}
