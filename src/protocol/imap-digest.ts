// What a mailbox holds, by content: the proof that a message arrived, and how one that is there already is recognised.

import { createHash } from "node:crypto";
import { MailferryError } from "../errors.ts";
import { type Digest, digestOf } from "../formats/digest.ts";
import type { Message, MessageRef } from "../message.ts";
import { fetchMessages } from "./imap-fetch.ts";
import type { ImapSession } from "./imap-session.ts";

/** By UID. Messages that are gone or can't be read are left out. */
export async function digestMessages(session: ImapSession, refs: readonly MessageRef[]): Promise<Map<number, Digest>> {
  return gather(session, refs, digestOf);
}

/** The same, with what the server says of each besides. */
export async function readMessages(
  session: ImapSession,
  refs: readonly MessageRef[],
): Promise<Map<number, { readonly ref: MessageRef; readonly digest: Digest }>> {
  return gather(session, refs, async (body, { key, size, flags, internalDate }) => ({
    ref: { key, size, flags, internalDate },
    digest: await digestOf(body),
  }));
}

/** What stays the same of a message when a server rewrites it, or another tool marks it. */
export interface Traits {
  /**
   * SHA-256 of its visible ASCII without `X` and `?`, which Cyrus and others put in place of 8-bit octets: no matter how
   * lines end and what stands for NUL.
   */
  readonly essence: string;
  /** How many octets of visible ASCII there are: a few may be the same by chance. */
  readonly visible: number;
  /** The header field as it stands, undefined if there is none. */
  readonly messageId: string | undefined;
  /** A digest of each header field, in order; none where the header has no end, or none within 256 KiB. */
  readonly fields: readonly string[];
  /** SHA-256 of all after the header. */
  readonly body: string;
}

/** True if `marked` is `own` with header fields added to it, as isync and OfflineIMAP do, and some servers. */
export function isMarked(marked: Traits, own: Traits): boolean {
  if (own.fields.length === 0 || marked.body !== own.body) return false;
  let next = 0;
  for (const field of marked.fields) if (field === own.fields[next]) next++;
  return next === own.fields.length;
}

/** By UID. Messages that are gone or can't be read are left out. */
export async function readTraits(session: ImapSession, refs: readonly MessageRef[]): Promise<Map<number, Traits>> {
  return gather(session, refs, traitsOf);
}

async function gather<T>(
  session: ImapSession,
  refs: readonly MessageRef[],
  read: (body: AsyncIterable<Uint8Array>, message: Message) => Promise<T>,
): Promise<Map<number, T>> {
  const found = new Map<number, T>();
  if (refs.length === 0) return found;
  for await (const message of fetchMessages(session, refs)) {
    try {
      found.set(Number(message.key), await read(message.body, message));
    } catch (error) {
      if (!(error instanceof MailferryError) || error.scope !== "message") throw error;
    }
  }
  return found;
}

const longestHead = 256 * 1024;

export async function traitsOf(octets: AsyncIterable<Uint8Array>): Promise<Traits> {
  const essence = createHash("sha256");
  const body = createHash("sha256");
  let head = Buffer.alloc(0);
  let hasEnded = false;
  let total = 0;
  for await (const chunk of octets) {
    const visible = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    for (const octet of chunk) if (isPlain(octet)) visible[length++] = octet;
    essence.update(visible.subarray(0, length));
    total += length;
    if (hasEnded) {
      body.update(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = endOfHeader(head);
    hasEnded = end !== undefined || head.length > longestHead;
    if (!hasEnded) continue;
    body.update(head.subarray(end ?? 0));
    head = head.subarray(0, end ?? 0);
  }
  const header = head.toString("latin1");
  const fields = hasEnded ? header.split(/\r?\n(?![ \t])/).filter((field) => field !== "") : [];
  return {
    essence: essence.digest("hex"),
    visible: total,
    messageId: messageIdOf(header),
    fields: fields.map((field) => createHash("sha256").update(field, "latin1").digest("hex").slice(0, 24)),
    body: body.digest("hex"),
  };
}

function isPlain(octet: number): boolean {
  return octet > 0x20 && octet < 0x7f && octet !== 0x58 && octet !== 0x3f;
}

/** Where the body begins (RFC 5322 section 2.1): after the first empty line. */
function endOfHeader(octets: Buffer): number | undefined {
  const [crlf, lf] = [octets.indexOf("\r\n\r\n"), octets.indexOf("\n\n")];
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return crlf + 4;
  return lf < 0 ? undefined : lf + 2;
}

/** RFC 5322 section 3.6.4. */
function messageIdOf(header: string): string | undefined {
  return /(?:^|[\r\n])message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^>\r\n]{1,990}>)/i.exec(header)?.[1];
}
