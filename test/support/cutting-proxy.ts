// A way to a server that breaks: after so many octets in one direction it is cut, or falls silent. It breaks once.

import { connect, createServer, type Server, type Socket } from "node:net";

export interface Break {
  readonly direction: "to server" | "to client";
  readonly after: number;
  readonly how: "cut" | "stall";
}

export interface CuttingProxy {
  readonly port: number;
  /** Octets in each direction, over all connections, since the last `arm`. */
  readonly passed: { readonly "to server": number; readonly "to client": number };
  /** Counts anew; without a break all passes. Whether the last one was reached is returned. */
  arm(next?: Break): boolean;
  close(): Promise<void>;
}

export async function startCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  const passed = { "to server": 0, "to client": 0 };
  let armed: Break | undefined;
  let isBroken = false;
  const sockets = new Set<Socket>();

  const forward = (
    from: Socket,
    to: Socket,
    direction: Break["direction"],
    isSilent: () => boolean,
    end: () => void,
  ) => {
    from.on("data", (chunk: Buffer) => {
      if (isSilent()) return;
      const before = passed[direction];
      passed[direction] += chunk.length;
      if (isBroken || armed === undefined || armed.direction !== direction || passed[direction] < armed.after) {
        to.write(chunk);
        return;
      }
      isBroken = true;
      to.write(chunk.subarray(0, armed.after - before), () => end());
    });
    from.on("error", () => undefined);
    from.on("close", () => to.end());
  };

  const server: Server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    for (const socket of [client, upstream]) sockets.add(socket);
    let isSilent = false;
    const end = () => {
      if (armed?.how === "stall") isSilent = true;
      else for (const socket of [client, upstream]) socket.destroy();
    };
    forward(client, upstream, "to server", () => isSilent, end);
    forward(upstream, client, "to client", () => isSilent, end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    passed,
    arm(next) {
      const was = isBroken;
      isBroken = false;
      armed = next;
      passed["to server"] = 0;
      passed["to client"] = 0;
      return was;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
