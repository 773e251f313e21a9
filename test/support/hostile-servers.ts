// Mail servers that follow their protocol until the command that a test has named; then they send what no client should have
// to take, for as long as anybody listens. Nothing that they send is held in memory.

import { once } from "node:events";
import { createServer, type Socket } from "node:net";

export interface HostileServer extends AsyncDisposable {
  readonly port: number;
  /** Octets that the attack has sent, on all connections. */
  sent(): number;
}

/** Says it at once, or waits until there is room for it; rejects when nobody listens any more. */
export type Say = (text: string | Buffer) => Promise<void>;

/** True if the command was answered: otherwise the server does it. `tag` is empty in POP3. */
export type Attack = (
  command: { readonly name: string; readonly line: string; readonly tag: string },
  say: Say,
) => Promise<boolean>;

type Serve = (
  socket: Socket,
  say: Say,
  attack: (name: string, line: string, tag: string) => Promise<boolean>,
) => Promise<void>;

async function start(serve: Serve, attack: Attack): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  let sent = 0;
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => socket.destroy()));
    socket.setNoDelay(true);
    const say: Say = async (text) => {
      if (socket.destroyed) throw new Error("nobody listens");
      if (socket.write(text)) return;
      await Promise.race([once(socket, "drain"), once(socket, "close")]);
    };
    const counted: Say = (text) => {
      sent += text.length;
      return say(text);
    };
    serve(socket, say, (name, line, tag) => attack({ name, line, tag }, counted))
      .catch(() => undefined)
      .finally(() => {
        sockets.delete(socket);
        socket.destroy();
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    sent: () => sent,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

export interface HostileImapOptions {
  readonly capabilities?: string;
  /** Messages in INBOX; their UIDs are 1, 2, 3, … */
  readonly messages?: readonly Buffer[];
}

/** Besides commands (`UID FETCH` is one name), `greeting` may be attacked. What is appended is taken, and forgotten. */
export function startHostileImap(
  attack: Attack,
  { capabilities = "IMAP4rev1 NAMESPACE UIDPLUS", messages = [] }: HostileImapOptions = {},
): Promise<HostileServer> {
  return start(async (socket, say, answered) => {
    if (!(await answered("greeting", "", "*"))) await say(`* OK [CAPABILITY ${capabilities}] ready\r\n`);
    const lines = linesOf(socket);
    for await (const line of lines) {
      const [tag = "", first = "", second = ""] = line.split(" ");
      const name = /^uid$/i.test(first) ? `UID ${second.toUpperCase()}` : first.toUpperCase();
      const literal = /\{(\d+)(\+?)\}$/.exec(line);
      if (literal !== null) {
        if (literal[2] === "") await say("+ go on\r\n");
        await lines.skip(Number(literal[1]));
        await lines.next();
      }
      if (await answered(name, line, tag)) continue;
      if (name === "CAPABILITY") await say(`* CAPABILITY ${capabilities}\r\n`);
      else if (name === "NAMESPACE") await say('* NAMESPACE (("" "/")) NIL NIL\r\n');
      else if (name === "LIST") await say('* LIST () "/" INBOX\r\n');
      else if (name === "STATUS") {
        await say(`* STATUS INBOX (MESSAGES ${messages.length} UIDNEXT ${messages.length + 1} UIDVALIDITY 7)\r\n`);
      } else if (name === "EXAMINE" || name === "SELECT") {
        await say(`* FLAGS (\\Seen)\r\n* ${messages.length} EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen \\*)]\r\n`);
        await say(`* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT ${messages.length + 1}]\r\n`);
      } else if (name === "UID SEARCH") await say(`* SEARCH ${messages.map((_, at) => at + 1).join(" ")}\r\n`);
      else if (name === "UID FETCH") await giveRows(line, messages, say);
      else if (name === "LOGOUT") {
        await say(`* BYE\r\n${tag} OK\r\n`);
        return;
      }
      await say(`${tag} OK done\r\n`);
    }
  }, attack);
}

/** The rows of the messages that a UID FETCH names. */
export async function giveRows(line: string, messages: readonly Buffer[], say: Say): Promise<void> {
  const part = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/i.exec(line);
  for (const uid of uidsIn(line.split(" ")[3] ?? "", messages.length)) {
    const octets = messages[uid - 1] ?? Buffer.alloc(0);
    const date = '"01-Jan-2026 08:00:00 +0000"';
    await say(`* ${uid} FETCH (UID ${uid} FLAGS (\\Seen) INTERNALDATE ${date} RFC822.SIZE ${octets.length}`);
    if (part !== null) {
      const from = part[1] === undefined ? undefined : Number(part[1]);
      const content = from === undefined ? octets : octets.subarray(from, from + Number(part[2]));
      await say(` BODY[]${from === undefined ? "" : `<${from}>`} {${content.length}}\r\n`);
      await say(content);
    }
    await say(")\r\n");
  }
}

/** The UIDs that a set names, of those there are. */
export function uidsIn(set: string, messages: number): number[] {
  return set.split(",").flatMap((range) => {
    const [low = "", high = low] = range.split(":");
    const end = high === "*" ? messages : Math.min(messages, Number(high));
    const found: number[] = [];
    for (let uid = low === "*" ? messages : Number(low); uid <= end; uid++) found.push(uid);
    return found;
  });
}

/** Besides commands, `greeting` may be attacked. */
export function startHostilePop3(attack: Attack, messages: readonly Buffer[] = []): Promise<HostileServer> {
  return start(async (socket, say, answered) => {
    if (!(await answered("greeting", "", ""))) await say("+OK ready\r\n");
    for await (const line of linesOf(socket)) {
      const [name = "", argument = ""] = line.split(" ");
      if (await answered(name.toUpperCase(), line, "")) continue;
      const lines = (each: (octets: Buffer, number: number) => string) =>
        say(`+OK\r\n${messages.map((octets, at) => `${each(octets, at + 1)}\r\n`).join("")}.\r\n`);
      if (name === "CAPA") await say("+OK\r\nUIDL\r\nPIPELINING\r\n.\r\n");
      else if (name === "STAT") await say(`+OK ${messages.length} 1000\r\n`);
      else if (name === "LIST") await lines((octets, number) => `${number} ${octets.length}`);
      else if (name === "UIDL") await lines((_, number) => `${number} id-${number}`);
      else if (name === "RETR") {
        await say("+OK\r\n");
        await say(messages[Number(argument) - 1] ?? Buffer.alloc(0));
        await say(".\r\n");
      } else await say("+OK\r\n");
      if (name === "QUIT") return;
    }
  }, attack);
}

interface Lines extends AsyncIterableIterator<string> {
  /** Octets that are no line. */
  skip(octets: number): Promise<void>;
}

function linesOf(socket: Socket): Lines {
  const chunks = socket[Symbol.asyncIterator]();
  let octets = Buffer.alloc(0);
  const more = async () => {
    const { value, done } = await chunks.next();
    if (!done) octets = Buffer.concat([octets, value as Buffer]);
    return !done;
  };
  return {
    async next() {
      for (;;) {
        const end = octets.indexOf("\r\n");
        if (end >= 0) {
          const value = octets.toString("latin1", 0, end);
          octets = octets.subarray(end + 2);
          return { value, done: false };
        }
        if (!(await more())) return { value: undefined, done: true };
      }
    },
    async skip(count) {
      let left = count;
      for (;;) {
        const some = Math.min(left, octets.length);
        octets = octets.subarray(some);
        left -= some;
        if (left === 0 || !(await more())) return;
      }
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
