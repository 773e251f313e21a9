// A message on its way into a mailbox of a target account, and what became of it.

import type { Failure, Message } from "../message.ts";
import { type Traits, traitsOf } from "../protocol/imap-digest.ts";
import type { Spooled } from "../storage/spool.ts";
import type { Pending } from "./batch-writer.ts";

export interface Parcel {
  readonly message: Message;
  readonly spooled: Spooled;
  readonly size: number;
  readonly sha256: string;
  readonly internalDate: Date | undefined;
  traits(): Promise<Traits>;
  /** True once the server has said OK to it. */
  sent: boolean;
  /** The UID that the OK named (APPENDUID). */
  hint: number | undefined;
}

export function parcelOf({ message, spooled }: Pending): Parcel {
  let traits: Promise<Traits> | undefined;
  return {
    message,
    spooled,
    size: spooled.size,
    sha256: spooled.sha256,
    internalDate: message.internalDate,
    traits() {
      traits ??= traitsOf(spooled.chunks());
      return traits;
    },
    sent: false,
    hint: undefined,
  };
}

/** Its octets as one piece: an APPEND is. */
export async function octetsOf({ spooled }: Parcel): Promise<Buffer> {
  if (spooled.octets !== undefined) return spooled.octets;
  const chunks: Uint8Array[] = [];
  for await (const chunk of spooled.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function hasNul({ spooled }: Parcel): Promise<boolean> {
  for await (const chunk of spooled.chunks()) if (chunk.includes(0)) return true;
  return false;
}

/** Not tried again: whatever takes such messages away takes the next copy too. */
export function vanished({ message }: Parcel): Failure {
  const reason = "the server answered OK, but the message is not in the mailbox";
  return { key: message.key, code: "M403", reason, final: true };
}
