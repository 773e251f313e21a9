// What a server may say that is not so, and what it costs. A lie that costs nothing has to leave every message in the
// archive, once and to the octet, in the first night.

import type { ImapScript } from "../../../src/demo/imap-server.ts";
import type { StoredMailbox, StoredMessage } from "../../../src/demo/mail-store.ts";

/** Messages of INBOX that can't be had while it lasts: they are named one by one, under this code. */
export interface Withheld {
  readonly uids: readonly number[] | "all";
  readonly code: string;
  readonly words?: RegExp;
}

export interface Costs {
  readonly withheld?: readonly Withheld[];
  /** So many of INBOX do not even show in the listing, or the server's count does not fit it: told under S602. */
  readonly unlisted?: readonly number[];
  /** The run, or a mailbox, can't be finished, and says so under this code; how far it comes is left open. */
  readonly stops?: string;
  /** It may end with this code where nothing else is left to be had. */
  readonly mayEndWith?: string;
}

export interface Lie {
  readonly name: string;
  readonly costs?: Costs;
  /** The same messages are fetched again each night: their keys, or what is told of them, tell nothing. */
  readonly readsAgain?: true;
  /** Mail comes while it is told: the night after brings it. */
  readonly isLate?: true;
  /** A notice of this kind is given. */
  readonly says?: { readonly code: string; readonly words: RegExp };
  /** What the archive has besides what is on the server in the end: of keys that were given to other messages. */
  readonly keeps?: (before: readonly StoredMessage[]) => readonly Buffer[];
  /** What the archive has in place of what is on the server: octets that the server gave only once. */
  readonly gave?: (message: StoredMessage) => Buffer;
  /** What happens in INBOX between the first night and the second. */
  readonly meanwhile?: (inbox: StoredMailbox) => void;
  readonly timeoutMs?: number;
  readonly maxWaitMs?: number;
}

export interface ImapLie extends Lie {
  /** How the server answers in one night. */
  tell(night: number, inbox: StoredMailbox): ImapScript;
  /** Where it makes a difference: in the listing of many messages, too, or only where few come. */
  readonly ways?: readonly Way[];
  readonly capabilities?: readonly string[];
  /** It can be told together with others. */
  readonly goesWith?: true;
}

/**
 * How the messages come: over the connection that lists them, over one that does nothing else, or so many that they are
 * listed over that one too. `remembered`: as with `careful`, but only what changed is listed, where the server tells that.
 */
export type Way = "careful" | "remembered" | "fast" | "listed fast";

export const remembering = "IMAP4rev1 AUTH=PLAIN NAMESPACE UNSELECT ENABLE CONDSTORE ESEARCH LIST-STATUS".split(" ");

/** So many messages it takes. */
export const messagesFor: Readonly<Record<Way, number>> = {
  careful: 40,
  remembered: 40,
  fast: 205,
  "listed fast": 1005,
};

export const isInbox = ({ path }: StoredMailbox) => path.length === 1 && path[0] === "INBOX";

/** The UIDs that a command names, of these. */
export function uidsIn(line: string, uids: readonly number[]): number[] {
  const set = /UID (?:FETCH|SEARCH UID) ([\d:,*]+)/.exec(line)?.[1] ?? "";
  const last = uids.at(-1) ?? 0;
  const ranges = set.split(",").map((range) => {
    const [low = "", high = low] = range.split(":");
    return [low, high].map((end) => (end === "*" ? last : Number(end)));
  });
  return uids.filter((uid) => ranges.some(([low = 0, high = 0]) => uid >= low && uid <= high));
}

export const isBody = (line: string) => line.includes("BODY.PEEK[");
