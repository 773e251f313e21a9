// A way to a server on which every line of the client is written down.

import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";

export interface Wiretap extends AsyncDisposable {
  readonly port: number;
  /** Lines of all connections, in the order in which they came. */
  readonly log: string[];
}

export async function startWiretap(serverPort: number): Promise<Wiretap> {
  const log: string[] = [];
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    createInterface(client).on("line", (line) => log.push(line));
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    log,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
