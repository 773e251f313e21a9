// In what one server differs from the next, besides what it offers: limits, flags, names.

import { normalizeFlags } from "../flags.ts";
import type { StoredMailbox } from "./mail-store.ts";

export interface ImapTraits {
  /**
   * What SELECT announces, `\*` included if meant. Where `\*` is missing, STORE and APPEND drop all other flags without a
   * word; where it is there, all other system flags. Left out, every flag is kept.
   */
  readonly permanentFlags?: readonly string[] | undefined;
  /** Octets of the largest message that APPEND takes: announced as `APPENDLIMIT=n` (RFC 7889), all beyond is `[TOOBIG]`. */
  readonly appendLimit?: number | undefined;
  /** For the whole account. GETQUOTA and GETQUOTAROOT need QUOTA among the capabilities, where those are given. */
  readonly quota?: { readonly storageKiB: number } | undefined;
  /** `Sent` and `SENT` are one mailbox, as in Exchange. */
  readonly caseInsensitiveNames?: boolean | undefined;
  /** APPEND answers BAD to NUL in a literal that is no literal8 (RFC 3516). Left out, NUL is stored like any octet. */
  readonly refuseNul?: boolean | undefined;
}

const systemFlags = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"];

/** Those of the flags that the server keeps, in the order of `normalizeFlags`. */
export function keptFlags({ permanentFlags }: ImapTraits, flags: Iterable<string>): string[] {
  const all = normalizeFlags(flags);
  if (permanentFlags === undefined) return all;
  const kept = new Set(permanentFlags.map((flag) => flag.toLowerCase()));
  return all.filter((flag) => kept.has(flag.toLowerCase()) || (kept.has("\\*") && !flag.startsWith("\\")));
}

/** What SELECT says of flags: those in use, and those that a client may change for good. */
export function announcedFlags({ permanentFlags }: ImapTraits, mailbox: StoredMailbox): { all: string; kept: string } {
  const inUse = mailbox.messages.flatMap((message) => message.flags).filter((flag) => !flag.startsWith("\\"));
  const known = (permanentFlags ?? []).filter((flag) => flag !== "\\*");
  const all = [...new Set([...systemFlags, ...known, ...inUse])].join(" ");
  return { all, kept: permanentFlags?.join(" ") ?? `${all} \\*` };
}
