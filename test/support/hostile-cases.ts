// What hostile servers send, at which moment: for the ordinary sample and for the sweep.

import { type Attack, giveRows, type Say, uidsIn } from "./hostile-servers.ts";

/** A message as a test looks for it again. */
export function letter(number: number): Buffer {
  return Buffer.from(`Subject: number ${number}\r\n\r\nThis is number ${number}.\r\n`);
}

export interface Payload {
  readonly what: string;
  /** Sends it. `head` and `tail` are what stands around a literal here; `line` may be repeated without end. */
  send(say: Say, here: Place): Promise<void>;
}

export interface Place {
  readonly head: string;
  readonly tail: string;
  readonly line: string;
}

const piece = Buffer.alloc(64 * 1024, "x");
const without = async (say: Say, octets: Buffer): Promise<never> => {
  for (;;) await say(octets);
};

/** Streams what it claims. */
const streamed = (size: number): Payload => ({
  what: `a literal of ${size} octets, streamed`,
  async send(say, { head, tail }) {
    await say(`${head}{${size}}\r\n`);
    for (let left = size; left > 0; left -= piece.length) await say(piece.subarray(0, Math.min(left, piece.length)));
    await say(`${tail}\r\n`);
  },
});

/** Claims it, and sends octets as long as anybody listens. */
const claimed = (size: string): Payload => ({
  what: `a literal of {${size}}`,
  async send(say, { head }) {
    await say(`${head}{${size}}\r\n`);
    await without(say, piece);
  },
});

/** Is none, so the line goes on. */
const unclaimed = (size: string): Payload => ({
  what: `a literal of {${size}}`,
  async send(say, { head, tail }) {
    await say(`${head}{${size}}\r\nhello${tail}\r\n`);
  },
});

const gigabyte = 1024 * 1024 * 1024;

export const literals: readonly Payload[] = [
  claimed("4294967295"),
  claimed("99999999999999999999"),
  claimed(`${"0".repeat(100)}99999999999`),
  unclaimed("-1"),
  unclaimed("5+"),
  unclaimed("0x10"),
];

export const large: Payload = streamed(gigabyte);
export const lessLarge: Payload = streamed(40_000_000);

export const floods: readonly Payload[] = [
  {
    what: "a line without end",
    async send(say, { head }) {
      await say(head);
      await without(say, piece);
    },
  },
  {
    what: "answers without end",
    send: (say, { line }) => without(say, Buffer.from(`${line}\r\n`.repeat(Math.ceil(65_536 / (line.length + 2))))),
  },
  {
    what: "parentheses 100,000 deep",
    async send(say, { head, tail }) {
      await say(`${head}${"(".repeat(100_000)}${")".repeat(100_000)}${tail}\r\n`);
    },
  },
  {
    what: "half a million words in a line, again and again",
    send: (say, { head }) => without(say, Buffer.from(`${head}(${"a ".repeat(500_000)})\r\n`)),
  },
];

/** At this command, once it has been sent. What has an end is followed by the usual answer. */
export function at(stage: string, payload: Payload, line = "* OK [ALERT] still here"): Attack & { times: number } {
  const head = stage === "LIST" ? '* LIST () "/" ' : "* X ";
  const attack: Attack = async ({ name, line: command, tag }, say) => {
    if (name === stage) {
      counted.times += 1;
      await payload.send(say, { head, tail: "", line });
    }
    // Only a listing that is refused is followed by a search.
    if (stage !== "UID SEARCH" || name !== "UID FETCH" || !command.includes(" 1:* ")) return false;
    await say(`${tag} NO not all at once\r\n`);
    return true;
  };
  const counted = Object.assign(attack, { times: 0 });
  return counted;
}

/** In place of the octets of message 2; all others are given. */
export function inMessage(payload: Payload, messages: readonly Buffer[]): Attack {
  return async ({ name, line, tag }, say) => {
    if (name !== "UID FETCH" || !line.includes("BODY.PEEK[]")) return false;
    const uids = uidsIn(line.split(" ")[3] ?? "", messages.length);
    if (!uids.includes(2)) return false;
    for (const uid of uids) {
      if (uid !== 2) await giveRows(line.replace(/ FETCH \S+/i, ` FETCH ${uid}`), messages, say);
      else {
        const row = '* 2 FETCH (UID 2 FLAGS () INTERNALDATE "01-Jan-2026 08:00:00 +0000" BODY[] ';
        await payload.send(say, { head: row, tail: ")", line: "* 2 FETCH (UID 2 FLAGS (\\Seen))" });
      }
    }
    await say(`${tag} OK done\r\n`);
    return true;
  };
}

/** The line that is repeated without end, at each stage of an IMAP session. */
export const stages: readonly (readonly [stage: string, line: string])[] = [
  ["greeting", "* OK wait"],
  ["CAPABILITY", "* CAPABILITY IMAP4rev1 X"],
  ["LOGIN", "* OK [ALERT] wait"],
  ["LIST", '* LIST () "/" box'],
  ["STATUS", "* STATUS INBOX (MESSAGES 1)"],
  ["EXAMINE", "* FLAGS (\\Seen a b c d)"],
  ["UID SEARCH", "* SEARCH 1 2 3 4 5 6 7 8 9 10"],
  ["UID FETCH", '* 1 FETCH (UID 1 FLAGS (\\Seen) INTERNALDATE "01-Jan-2026 08:00:00 +0000" RFC822.SIZE 10)'],
];
