// COMPRESS=DEFLATE (RFC 4978) on a connection that was taken over from imapflow, from one octet to the next. imapflow would
// do it at log-in only, when nobody knows yet whether it pays (protocol/link-pace.ts).

import { type Readable, Writable } from "node:stream";
import { constants, createDeflateRaw, createInflateRaw } from "node:zlib";
import type { ImapFlow } from "imapflow";
import { broken } from "./imap-errors.ts";
import type { ImapSession } from "./imap-session.ts";

export interface Streams {
  readonly readSocket: Readable;
  readonly writeSocket: Writable;
  readonly socket: ReturnType<ImapFlow["unbind"]>["socket"];
}

/** As much as a TLS socket gives at once. */
const chunkSize = 64 * 1024;

/** Servers with whom it went wrong from the start or later, by host and port: not asked again while this process lives. */
const spoilt = new Set<string>();

export function offersCompression({ capabilities, host, port }: ImapFlow): boolean {
  return capabilities.has("COMPRESS=DEFLATE") && !spoilt.has(`${host}:${port}`);
}

/**
 * The streams after the server's OK. `rest` has come behind that already, and nobody listens for more on the socket. The end
 * of the socket is the end of `readSocket`, once all that came before has been read; so is its loss, at once. What does not
 * inflate is an error of `readSocket`. Both sides hold back as sockets do, so nothing small that grows large fills the memory.
 */
export function compressed({ host, port }: ImapFlow, { socket }: Streams, rest: Buffer): Streams {
  // Whoever ends a connection does not end the deflate stream first.
  const inflate = createInflateRaw({ chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
  // The fastest level takes 26 % off base64, as the best one does.
  const deflate = createDeflateRaw({ level: constants.Z_BEST_SPEED, flush: constants.Z_SYNC_FLUSH });
  const goWithout = () => void spoilt.add(`${host}:${port}`);
  inflate.on("error", goWithout);
  const writeSocket = new Writable({
    // Copies: deflate reads in a thread of its own, even when the connection and the memory of its messages are gone.
    write: (chunk: Buffer, _encoding, done) => void deflate.write(Buffer.from(chunk), done),
    writev: (writes, done) => void deflate.write(Buffer.concat(writes.map(({ chunk }) => chunk)), done),
  });
  deflate.on("error", (error) => writeSocket.destroy(error));
  inflate.once("close", () => {
    // Whoever does not understand what is compressed does not answer it.
    if (inflate.bytesWritten === 0) goWithout();
    writeSocket.destroy();
    deflate.destroy();
  });
  socket.once("close", () => {
    if (!socket.readableEnded) inflate.destroy();
  });
  inflate.write(rest);
  socket.pipe(inflate);
  deflate.pipe(socket);
  return { readSocket: inflate, writeSocket, socket };
}

const asked = new WeakSet<ImapFlow>();

/**
 * The same for a session that was not taken over, and on which nothing is under way: the way is imapflow's, off its types.
 * Asks once; nothing changes where the server or imapflow will not. What goes wrong is an error of the session.
 */
export async function compressSession(session: ImapSession): Promise<void> {
  const { client } = session;
  const compress: unknown = Reflect.get(client, "compress");
  if (asked.has(client) || !offersCompression(client) || typeof compress !== "function") return;
  asked.add(client);
  const goWithout = () => void spoilt.add(`${client.host}:${client.port}`);
  client.once("error", (error) => {
    if (isOfZlib(error)) goWithout();
  });
  await Promise.resolve(compress.call(client)).catch((error: unknown) => {
    // imapflow takes no octet together with the OK.
    goWithout();
    throw session.classify(error) ?? error;
  });
}

/** The error of a stream of such a connection, with a code of imapflow's, as `classifySessionError` knows it. */
export function withoutZlib(error: unknown): unknown {
  if (!isOfZlib(error)) return error;
  return broken("CompressionBroken", `compressed octets that are none: ${error.message}`);
}

/** Except that there are no more: so it is, to imapflow's stream, wherever a connection ends. */
function isOfZlib(error: unknown): error is Error {
  return error instanceof Error && "code" in error && /^Z_(?!BUF_)/.test(String(error.code));
}
