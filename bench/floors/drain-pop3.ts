// All there is to reading an account over POP3: every RETR sent at once (RFC 2449, PIPELINING), nothing kept.

import { connect } from "node:net";
import type { Login } from "../login.ts";
import type { Drained } from "./drain-imap.ts";

const lineEnd = Buffer.from("\r\n");
const messageEnd = Buffer.from("\r\n.\r\n");

/** Octets are counted as they travel, with their status lines and stuffed dots. */
export async function drainPop3(login: Login): Promise<Drained> {
  const socket = connect(login.port, login.host);
  socket.setNoDelay(true);
  let rest: Buffer = Buffer.alloc(0);
  /** Single-line answers still to come before the messages: greeting, USER, PASS, STAT. */
  let answers = 4;
  let inMessage = false;
  let expected = 0;
  let messages = 0;
  let octets = 0;

  const takeAnswer = (line: string) => {
    if (!line.startsWith("+OK")) throw new Error(`POP3: ${line}`);
    if (answers === 0) {
      inMessage = true;
      return;
    }
    answers -= 1;
    if (answers > 0) return;
    expected = Number(line.split(" ")[1]);
    socket.write(Array.from({ length: expected }, (_, index) => `RETR ${index + 1}\r\n`).join(""));
  };
  socket.write(`USER ${login.user}\r\nPASS ${login.password}\r\nSTAT\r\n`);
  for await (const chunk of socket) {
    const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (;;) {
      const end = data.indexOf(inMessage ? messageEnd : lineEnd, at);
      if (end === -1) break;
      const next = end + (inMessage ? messageEnd : lineEnd).length;
      if (inMessage) {
        octets += next - at;
        messages += 1;
        inMessage = false;
      } else takeAnswer(data.toString("latin1", at, end));
      at = next;
    }
    // In a long message only the end is looked at again: the terminator may have been split.
    const keep = inMessage ? Math.max(at, data.length - messageEnd.length + 1) : at;
    octets += keep - at;
    rest = data.subarray(keep);
    if (answers === 0 && messages === expected) break;
  }
  socket.end("QUIT\r\n");
  if (messages !== expected || answers > 0) throw new Error("the POP3 server closed the connection");
  return { messages, octets };
}
