// A way to an IMAP server that speaks COMPRESS=DEFLATE (RFC 4978) in its place: the server must name it, and never hears of it.

import { connect, createServer, type Socket } from "node:net";
import { constants, createDeflateRaw, createInflateRaw, type DeflateRaw } from "node:zlib";

export interface DeflatingProxyOptions {
  /** Instead of the OK. */
  readonly refuse?: string;
  /** What the server says at once, compressed and in the packet of the OK. */
  readonly behind?: string;
  /** Answers the first octets that the client sends compressed, in the server's place. */
  readonly instead?: (client: Socket, deflate: DeflateRaw) => void;
}

export interface DeflatingProxy extends AsyncDisposable {
  readonly port: number;
  /** How often COMPRESS was asked for. */
  asked(): number;
  /** Octets on the client's side, in both directions. */
  passed(): { readonly toServer: number; readonly toClient: number };
}

export async function startDeflatingProxy(
  serverPort: number,
  options: DeflatingProxyOptions = {},
): Promise<DeflatingProxy> {
  let asked = 0;
  const passed = { toServer: 0, toClient: 0 };
  const sockets = new Set<Socket>();

  const compress = (client: Socket, upstream: Socket, tag: string) => {
    const { behind = "", instead } = options;
    const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
    const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
    deflate.on("error", () => undefined);
    inflate.on("error", () => client.destroy());
    let head = Buffer.from(`${tag} OK DEFLATE active\r\n`);
    const sendBehind = () => {
      client.write(head);
      deflate.on("data", (chunk: Buffer) => {
        passed.toClient += chunk.length;
        if (!client.destroyed) client.write(chunk);
      });
      client.pipe(inflate);
      if (instead === undefined) {
        inflate.pipe(upstream);
        upstream.pipe(deflate);
      } else inflate.once("data", () => instead(client, deflate));
    };
    if (behind === "") return sendBehind();
    deflate.write(behind, () => {
      head = Buffer.concat([head, deflate.read()]);
      sendBehind();
    });
  };

  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    for (const socket of [client, upstream]) sockets.add(socket.on("error", () => undefined));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.end());
    const toClient = (chunk: Buffer) => {
      passed.toClient += chunk.length;
      client.write(chunk);
    };
    const toServer = (chunk: Buffer) => {
      const tag = /^(\w+) COMPRESS DEFLATE\r\n$/.exec(chunk.toString("latin1"))?.[1];
      if (tag === undefined) return upstream.write(chunk);
      asked += 1;
      if (options.refuse !== undefined) return client.write(`${tag} ${options.refuse}\r\n`);
      upstream.off("data", toClient);
      client.off("data", toServer);
      return compress(client, upstream, tag);
    };
    client.on("data", (chunk) => {
      passed.toServer += chunk.length;
    });
    client.on("data", toServer);
    upstream.on("data", toClient);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    asked: () => asked,
    passed: () => passed,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
