// An IMAP client of a few lines, to hold against the product's: it finds literals by their announced length, no more.

import { connect } from "node:net";
import { encodeMailboxName } from "./append.ts";

/** Every message of a mailbox by UID, in one UID FETCH; and each one's flags, as the server spells them, sorted. */
export async function readRaw(
  login: { readonly port: number; readonly user: string; readonly password: string },
  mailbox: string,
): Promise<Map<number, { readonly bytes: Buffer; readonly flags: readonly string[] }>> {
  const socket = connect(login.port, "127.0.0.1");
  socket.write(
    `1 LOGIN "${login.user}" "${login.password}"\r\n` +
      `2 EXAMINE "${encodeMailboxName(mailbox)}"\r\n` +
      `3 UID FETCH 1:* (UID FLAGS BODY.PEEK[])\r\n4 LOGOUT\r\n`,
  );
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  const all = Buffer.concat(chunks);

  const messages = new Map<number, { bytes: Buffer; flags: string[] }>();
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf("\r\n", at);
    const line = all.toString("latin1", at, end);
    at = end + 2;
    const literal = /\{(\d+)\}$/.exec(line)?.[1];
    const size = Number(literal ?? 0);
    const uid = Number(/^\* \d+ FETCH .*\bUID (\d+)/.exec(line)?.[1] ?? 0);
    const flags = /FLAGS \(([^)]*)\)/.exec(line)?.[1]?.split(" ").filter(Boolean).sort() ?? [];
    if (uid !== 0) messages.set(uid, { bytes: all.subarray(at, at + size), flags });
    at += size;
  }
  return messages;
}
