// The barest IMAP client: it finds literals by their announced length, counts them, and understands nothing else.

import { connect } from "node:net";
import type { Login } from "../login.ts";

export interface ImapWire {
  /** Literals received so far, and their octets. */
  readonly literals: { readonly count: number; readonly octets: number };
  /** One at a time. Resolves with the untagged lines, their literals left out; rejects unless the answer is OK. */
  command(text: string): Promise<readonly string[]>;
  /** Says LOGOUT; whatever the server says to it is not waited for. */
  close(): void;
}

export async function openImap(login: Login): Promise<ImapWire> {
  const socket = connect(login.port, login.host);
  socket.setNoDelay(true);
  const literals = { count: 0, octets: 0 };
  let lines: string[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let literalLeft = 0;
  let answered: ((reply: string) => void) | undefined;
  let broken: ((error: Error) => void) | undefined;

  const takeLine = (line: string) => {
    const literal = /\{(\d+)\}$/.exec(line)?.[1];
    if (literal !== undefined) {
      literalLeft = Number(literal);
      literals.count += 1;
      literals.octets += literalLeft;
    }
    if (line.startsWith("T ")) answered?.(line.slice(2));
    else lines.push(line);
  };
  socket.on("data", (chunk: Buffer) => {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at < data.length) {
      if (literalLeft > 0) {
        const taken = Math.min(literalLeft, data.length - at);
        literalLeft -= taken;
        at += taken;
        continue;
      }
      const end = data.indexOf("\r\n", at, "latin1");
      if (end === -1) break;
      takeLine(data.toString("latin1", at, end));
      at = end + 2;
    }
    rest = data.subarray(at);
  });
  socket.on("error", (error) => broken?.(error));
  socket.on("close", () => broken?.(new Error("the IMAP server closed the connection")));

  const command = async (text: string) => {
    lines = [];
    const reply = await new Promise<string>((resolve, reject) => {
      answered = resolve;
      broken = reject;
      socket.write(`T ${text}\r\n`);
    });
    if (!reply.startsWith("OK")) throw new Error(`${text.split(" ", 1)[0]}: ${reply}`);
    return lines;
  };
  await command(`LOGIN "${login.user}" "${login.password}"`);
  return { literals, command, close: () => socket.end("T LOGOUT\r\n") };
}

/** The names of all mailboxes that can be selected, as they stand in commands: quoted, encoded. */
export async function listMailboxes(imap: ImapWire): Promise<string[]> {
  const lines = await imap.command('LIST "" "*"');
  return lines.flatMap((line) => {
    const [, attributes = "", name] = /^\* LIST \(([^)]*)\) (?:"[^"]*"|NIL) (.+)$/.exec(line) ?? [];
    if (name === undefined || /\\(Noselect|NonExistent)/i.test(attributes)) return [];
    return [name.startsWith('"') ? name : `"${name}"`];
  });
}
