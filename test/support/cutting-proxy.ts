// A way to a server that breaks: after so many octets in one direction it is cut, falls silent, or lets one octet through
// now and then. It breaks once. What passes is written down, so that a test can break it where something begins or ends.

import { connect, createServer, type Server, type Socket } from "node:net";

export type Direction = "to server" | "to client";
export type BreakHow = "cut" | "reset" | "stall" | "drip";

export interface Break {
  readonly direction: Direction;
  /** Octets that still pass. */
  readonly after: number;
  readonly how: BreakHow;
  /** 1 for the first since `arm`: its octets count alone. Left out, those of all connections count together. */
  readonly connection?: number;
}

export type Recording = Readonly<Record<Direction, Buffer>>;

export interface CuttingProxy {
  readonly port: number;
  /** Octets in each direction, over all connections, since the last `arm`. */
  readonly passed: Readonly<Record<Direction, number>>;
  /** What went over each connection since the last `arm`. */
  recorded(): Recording[];
  /** Counts anew; without a break all passes. Whether the last one was reached is returned. */
  arm(next?: Break): boolean;
  close(): Promise<void>;
}

export interface CuttingProxyOptions {
  /** Hands on what comes in pieces: the size of the next, by how many octets have passed that way over this connection. */
  readonly split?: (direction: Direction, passed: number) => number;
  /** Between two octets of a drip, in milliseconds. */
  readonly dripMs?: number;
}

interface Way {
  readonly number: number;
  readonly client: Socket;
  readonly upstream: Socket;
  readonly passed: Record<Direction, number>;
  readonly chunks: Record<Direction, Buffer[]>;
  isSilent: boolean;
  drip?: { readonly direction: Direction; readonly octets: number[] };
}

export async function startCuttingProxy(serverPort: number, options: CuttingProxyOptions = {}): Promise<CuttingProxy> {
  const { split, dripMs = 50 } = options;
  const passed = { "to server": 0, "to client": 0 };
  let armed: Break | undefined;
  let isBroken = false;
  let ways: Way[] = [];
  let timers: NodeJS.Timeout[] = [];
  const sockets = new Set<Socket>();

  /** Octets that still pass before it breaks here. */
  const left = (way: Way, direction: Direction): number => {
    if (armed === undefined || isBroken || armed.direction !== direction) return Number.POSITIVE_INFINITY;
    const { connection, after } = armed;
    if (connection !== undefined && connection !== way.number) return Number.POSITIVE_INFINITY;
    return after - (connection === undefined ? passed : way.passed)[direction];
  };

  const breakAt = (way: Way, direction: Direction, to: Socket) => {
    isBroken = true;
    const how = armed?.how;
    if (how === "drip") {
      way.drip = { direction, octets: [] };
      const timer = setInterval(() => {
        const octet = way.drip?.octets.shift();
        if (to.destroyed) clearInterval(timer);
        else if (octet !== undefined) to.write(Buffer.of(octet));
      }, dripMs);
      timers.push(timer);
      return;
    }
    way.isSilent = true;
    if (how === "stall") return;
    const end = how === "reset" ? "resetAndDestroy" : "destroy";
    // What was written goes out first.
    to.write("", () => {
      for (const socket of [way.client, way.upstream]) socket[end]();
    });
  };

  const forward = (way: Way, direction: Direction) => {
    const [from, to] = direction === "to server" ? [way.client, way.upstream] : [way.upstream, way.client];
    let turn = Promise.resolve();
    const pass = (chunk: Buffer) => {
      if (way.drip?.direction === direction) return void way.drip.octets.push(...chunk);
      const room = left(way, direction);
      const now = chunk.subarray(0, Math.max(0, Math.min(chunk.length, room)));
      passed[direction] += now.length;
      way.passed[direction] += now.length;
      way.chunks[direction].push(now);
      if (now.length > 0) to.write(now);
      if (left(way, direction) > 0) return;
      breakAt(way, direction, to);
      if (now.length < chunk.length && !way.isSilent) pass(chunk.subarray(now.length));
    };
    from.on("data", (chunk: Buffer) => {
      if (way.isSilent) return;
      if (split === undefined) return pass(chunk);
      from.pause();
      turn = turn.then(() => inPieces(chunk)).then(() => void from.resume());
    });
    const inPieces = async (chunk: Buffer) => {
      for (let at = 0; at < chunk.length && !way.isSilent && !to.destroyed; ) {
        const size = Math.max(1, split?.(direction, way.passed[direction]) ?? chunk.length);
        pass(chunk.subarray(at, at + size));
        at += size;
        // Whoever reads it has its turn in between.
        await new Promise((resolve) => setImmediate(resolve));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    from.on("error", () => undefined);
    const end = (whole: boolean) => {
      const isTold = !way.isSilent && way.drip?.direction !== direction;
      if (isTold && whole) to.end();
      // An end is told as octets are: not where it is silent. Whoever is still there when the client has gone is let go.
      else if (isTold || from === way.client) to.destroy();
    };
    from.on("end", () => void turn.then(() => end(true)));
    from.on("close", () => void turn.then(() => from.readableEnded || end(false)));
  };

  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: serverPort, host: "127.0.0.1", allowHalfOpen: true });
    for (const socket of [client, upstream]) sockets.add(socket.setNoDelay(true));
    const way: Way = {
      number: ways.length + 1,
      client,
      upstream,
      passed: { "to server": 0, "to client": 0 },
      chunks: { "to server": [], "to client": [] },
      isSilent: false,
    };
    ways.push(way);
    forward(way, "to server");
    forward(way, "to client");
    for (const direction of ["to server", "to client"] as const) {
      if (left(way, direction) <= 0) breakAt(way, direction, direction === "to server" ? upstream : client);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    passed,
    recorded: () =>
      ways.map(({ chunks }) => ({
        "to server": Buffer.concat(chunks["to server"]),
        "to client": Buffer.concat(chunks["to client"]),
      })),
    arm(next) {
      const was = isBroken;
      isBroken = false;
      armed = next;
      ways = [];
      passed["to server"] = 0;
      passed["to client"] = 0;
      return was;
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      timers = [];
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
