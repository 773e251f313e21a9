// Fills a mailbox over IMAP faster than a client library would: pipelined APPENDs with LITERAL+, octets untouched.

import { connect } from "node:net";

export interface AppendedMessage {
  readonly bytes: Uint8Array;
  readonly flags?: readonly string[];
  readonly internalDate?: Date;
}

interface Login {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** The server must offer LITERAL+ (RFC 7888). Rejects if it refuses any of the messages. */
export async function appendMessages(
  login: Login,
  mailbox: string,
  messages: Iterable<AppendedMessage>,
): Promise<void> {
  const name = quoted(encodeMailboxName(mailbox));
  const socket = connect(login.port, "127.0.0.1");
  const replies = new Map<string, string>();
  const waiting = new Map<string, () => void>();
  let buffered = "";
  let ended = false;
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    buffered += chunk;
    const lines = buffered.split("\r\n");
    buffered = lines.pop() ?? "";
    for (const line of lines) {
      const tag = /^[A-Z]\d+(?= )/.exec(line)?.[0];
      if (tag === undefined) continue;
      replies.set(tag, line.slice(tag.length + 1));
      waiting.get(tag)?.();
    }
  });
  const closed = () => {
    ended = true;
    for (const wake of waiting.values()) wake();
  };
  socket.on("error", closed).on("close", closed);
  const reply = async (tag: string, mayFail = false): Promise<void> => {
    if (!replies.has(tag) && !ended) await new Promise<void>((resolve) => waiting.set(tag, resolve));
    waiting.delete(tag);
    const words = replies.get(tag) ?? "the connection was closed";
    if (!mayFail && !words.startsWith("OK")) throw new Error(`APPEND to ${mailbox}: ${words}`);
  };
  const write = async (data: string | Uint8Array): Promise<void> => {
    if (!socket.write(data) && !ended) await new Promise((resolve) => socket.once("drain", resolve));
  };

  try {
    await write(`L1 LOGIN ${quoted(login.user)} ${quoted(login.password)}\r\n`);
    await reply("L1");
    await write(`C1 CREATE ${name}\r\n`);
    await reply("C1", true);
    const tags: string[] = [];
    for (const message of messages) {
      const tag = `A${tags.length + 1}`;
      const flags = message.flags === undefined ? "" : ` (${message.flags.join(" ")})`;
      const date = message.internalDate === undefined ? "" : ` "${dateTime(message.internalDate)}"`;
      await write(`${tag} APPEND ${name}${flags}${date} {${message.bytes.length}+}\r\n`);
      await write(message.bytes);
      await write("\r\n");
      tags.push(tag);
    }
    for (const tag of tags) await reply(tag);
    await write("Q1 LOGOUT\r\n");
    await reply("Q1");
  } finally {
    socket.destroy();
  }
}

/** RFC 3501 section 9, date-time, in UTC. */
function dateTime(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day}-${month}-${year} ${time} +0000`;
}

/** Modified UTF-7, RFC 3501 section 5.1.3. */
export function encodeMailboxName(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (run) => {
    if (run === "&") return "&-";
    const base64 = Buffer.from(run, "utf16le").swap16().toString("base64");
    return `&${base64.replace(/=+$/, "").replaceAll("/", ",")}-`;
  });
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
