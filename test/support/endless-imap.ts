// An IMAP server with one mailbox of as many messages as wanted. They are made up when they are asked for, so that the
// server's own memory has no part in what a test measures. Each has a UID, a size and octets that only depend on its number.

import { once } from "node:events";
import { createServer, type Socket } from "node:net";

export interface EndlessImap extends AsyncDisposable {
  readonly port: number;
  /** Delivers so many more. */
  deliver(count: number): void;
  /** Adds a flag to these messages, by their numbers. */
  flag(numbers: Iterable<number>, flag: string): void;
  /** Of octets of bodies. */
  sent(): number;
}

/** By the number of a message, from 1 on: after every tenth a UID is missing. */
export function uidOf(number: number): number {
  return number + Math.floor((number - 1) / 10);
}

export function octetsOf(number: number): Buffer {
  return Buffer.from(
    `From: ada@example.org\r\nSubject: message ${number}\r\nMessage-ID: <${number}@example.org>\r\n\r\n` +
      `This is number ${number}.\r\n${"all alike ".repeat(number % 13)}\r\n`,
  );
}

const names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function dateOf(number: number): string {
  const date = new Date(Date.UTC(2020, 0, 1) + number * 60_000);
  const time = date.toISOString().slice(11, 19);
  return `${String(date.getUTCDate()).padStart(2, " ")}-${names[date.getUTCMonth()]}-${date.getUTCFullYear()} ${time} +0000`;
}

interface State {
  messages: number;
  modSeq: number;
  readonly changed: Map<number, { readonly flags: readonly string[]; readonly modSeq: number }>;
  sent: number;
  /** The octets of a message, where they are others than `octetsOf` says. */
  readonly make: (number: number) => Buffer;
}

/** `make` gives other octets than `octetsOf`. */
export async function startEndlessImap(
  messages: number,
  make: (number: number) => Buffer = octetsOf,
): Promise<EndlessImap> {
  const state: State = { messages, modSeq: 1, changed: new Map(), sent: 0, make };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, state)
      .catch(() => undefined)
      .finally(() => {
        sockets.delete(socket);
        socket.destroy();
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    deliver(count) {
      state.messages += count;
      state.modSeq++;
    },
    flag(numbers, flag) {
      state.modSeq++;
      for (const number of numbers) {
        state.changed.set(number, { flags: [...flagsOf(state, number), flag], modSeq: state.modSeq });
      }
    },
    sent: () => state.sent,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function flagsOf({ changed }: State, number: number): readonly string[] {
  return changed.get(number)?.flags ?? (number % 3 === 0 ? ["\\Seen"] : ["\\Seen", "\\Answered"]);
}

const capabilities = "IMAP4rev1 ESEARCH CONDSTORE ENABLE";

async function serve(socket: Socket, state: State): Promise<void> {
  socket.setNoDelay(true);
  const say = async (text: string | Buffer) => {
    if (!socket.write(text)) await once(socket, "drain");
  };
  await say(`* OK [CAPABILITY ${capabilities}] ready\r\n`);
  for await (const line of linesOf(socket)) {
    const [tag = "", ...words] = line.split(" ");
    const command =
      (words[0] ?? "").toUpperCase() === "UID" ? `UID ${words[1]?.toUpperCase()}` : words[0]?.toUpperCase();
    const status = `UIDVALIDITY 1700000000 UIDNEXT ${uidOf(state.messages) + 2} MESSAGES ${state.messages} HIGHESTMODSEQ ${state.modSeq}`;
    if (command === "CAPABILITY") await say(`* CAPABILITY ${capabilities}\r\n`);
    else if (command === "LIST") await say(`* LIST () "/" INBOX\r\n`);
    else if (command === "STATUS") await say(`* STATUS INBOX (${status})\r\n`);
    else if (command === "EXAMINE" || command === "SELECT") {
      await say(`* FLAGS (\\Seen \\Answered \\Flagged)\r\n* ${state.messages} EXISTS\r\n* 0 RECENT\r\n`);
      await say(`* OK [UIDVALIDITY 1700000000]\r\n* OK [UIDNEXT ${uidOf(state.messages) + 2}]\r\n`);
      await say(`* OK [HIGHESTMODSEQ ${state.modSeq}]\r\n`);
    } else if (command === "UID SEARCH") {
      const set = /\bUID ([\d:*,]+)$/.exec(line)?.[1] ?? "1:*";
      const found = [...runsOf(numbersIn(set, state.messages))];
      const all = found.length === 0 ? "" : ` ALL ${found.join(",")}`;
      await say(`* ESEARCH (TAG "${tag}") UID${all}\r\n`);
    } else if (command === "UID FETCH") await fetch(say, state, words[2] ?? "", line);
    else if (command === "LOGOUT") {
      await say(`* BYE\r\n${tag} OK\r\n`);
      return;
    } else if (!["LOGIN", "NOOP", "ENABLE", "CLOSE"].includes(command ?? "")) {
      await say(`${tag} BAD not known here\r\n`);
      continue;
    }
    await say(`${tag} OK ${command} done\r\n`);
  }
}

async function fetch(say: (text: Buffer) => Promise<void>, state: State, set: string, line: string): Promise<void> {
  const since = Number(/CHANGEDSINCE (\d+)/i.exec(line)?.[1] ?? 0);
  const part = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/i.exec(line);
  const wanted = since > 0 ? [...state.changed.keys()].sort((a, b) => a - b) : numbersIn(set, state.messages);
  let chunks: Buffer[] = [];
  let gathered = 0;
  for (const number of wanted) {
    const modSeq = state.changed.get(number)?.modSeq ?? 1;
    if (modSeq <= since) continue;
    const octets = state.make(number);
    const flags = flagsOf(state, number).join(" ");
    let text = `* ${number} FETCH (UID ${uidOf(number)} FLAGS (${flags}) INTERNALDATE "${dateOf(number)}" `;
    text += `RFC822.SIZE ${octets.length} MODSEQ (${modSeq})`;
    if (part !== null) {
      const from = part[1] === undefined ? undefined : Number(part[1]);
      const content = from === undefined ? octets : octets.subarray(from, from + Number(part[2]));
      text += ` BODY[]${from === undefined ? "" : `<${from}>`} {${content.length}}\r\n`;
      chunks.push(Buffer.from(text), content, Buffer.from(")\r\n"));
      state.sent += content.length;
      gathered += content.length;
    } else chunks.push(Buffer.from(`${text})\r\n`));
    gathered += text.length;
    if (gathered < 64 * 1024) continue;
    await say(Buffer.concat(chunks));
    chunks = [];
    gathered = 0;
  }
  await say(Buffer.concat(chunks));
}

/** The numbers of the messages that a set of UIDs names. */
function* numbersIn(set: string, messages: number): Generator<number> {
  for (const range of set.split(",")) {
    const [low = "", high = low] = range.split(":");
    const end = high === "*" ? Infinity : Number(high);
    const start = low === "*" ? uidOf(messages) : Number(low);
    let number = Math.max(1, Math.floor((start * 10) / 11) - 1);
    while (uidOf(number) < start) number++;
    for (; number <= messages && uidOf(number) <= end; number++) yield number;
  }
}

function* runsOf(numbers: Iterable<number>): Generator<string> {
  let first: number | undefined;
  let last = 0;
  const run = () => (first === last ? `${first}` : `${first}:${last}`);
  for (const number of numbers) {
    const uid = uidOf(number);
    if (first !== undefined && uid !== last + 1) {
      yield run();
      first = undefined;
    }
    first ??= uid;
    last = uid;
  }
  if (first !== undefined) yield run();
}

async function* linesOf(socket: Socket): AsyncGenerator<string> {
  let text = "";
  for await (const chunk of socket) {
    text += String(chunk);
    for (let end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
}
