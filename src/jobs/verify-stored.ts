// Stored messages, read again from where they lie and compared with the digests taken when they arrived.

import { setImmediate } from "node:timers/promises";
import { MailferryError } from "../errors.ts";
import { type Digest, digestOf } from "../formats/digest.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox, Stored } from "../message.ts";
import type { Sink } from "../sinks/sink.ts";
import { openIntactMail, type Whereabouts } from "../storage/intact.ts";

/**
 * Reads these messages again; `problem` says what is wrong with one that is not intact. The fast way comes first; what it
 * can't show to be intact is read once more with care, by which what is wrong gets a name.
 */
export async function* verifyStored(
  sink: MessageReader,
  mailbox: Mailbox,
  stored: Iterable<Stored>,
): AsyncIterable<{ readonly stored: Stored } & Verified> {
  const whereabouts = sink.whereabouts?.(mailbox);
  const mail = whereabouts === undefined ? undefined : openIntactMail(whereabouts);
  try {
    let done = 0;
    for (const one of stored) {
      const verified = mail?.holds(one) ? isFine : await verifyOne(sink.read(mailbox, one.place), one);
      yield { stored: one, ...verified };
      // The fast way blocks: others get their turn, and a signal is heard.
      if (++done % blockLength === 0) await setImmediate();
    }
  } finally {
    mail?.close();
  }
}

export interface MessageReader extends Pick<Sink, "read"> {
  whereabouts?(mailbox: Mailbox): Whereabouts | undefined;
}

/** Messages that are read without a pause. */
const blockLength = 50;

interface Verified {
  /** Undefined if the message is intact. */
  readonly problem: string | undefined;
  /** It could not be read: nothing is known of its octets. */
  readonly isUnread: boolean;
}

const isFine: Verified = { problem: undefined, isUnread: false };

async function verifyOne(body: AsyncIterable<Uint8Array>, { size, sha256 }: Digest): Promise<Verified> {
  try {
    const found = await digestOf(body);
    if (found.size !== size) return { problem: `${found.size} octets instead of ${size}`, isUnread: false };
    if (found.sha256 === sha256) return isFine;
    return { problem: "its octets are not those that arrived", isUnread: false };
  } catch (error) {
    const isUnread = !(error instanceof MailferryError) || error.code !== "V901";
    return { problem: wordsOf(error), isUnread };
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof MailferryError ? error.message : `unexpected: ${printable(String(error))}`;
}
