// A long way to a server on this machine: what comes in at one side leaves at the other some time later, in order.
//   node program.js SERVER_PORT DELAY_MS
// Prints its port. Ends when its input does, so it never outlives who started it.

import { connect, createServer, type Socket } from "node:net";

const [serverPort = 0, delayMs = 0] = process.argv.slice(2).map(Number);

/** So much may be under way in one direction: 400 MB/s at 20 ms. It bounds memory, and is not to bound speed. */
const mostUnderway = 16 * 1024 * 1024;

function forward(from: Socket, to: Socket): void {
  const underway: { readonly due: number; readonly chunk: Buffer | undefined }[] = [];
  let octets = 0;
  let isScheduled = false;

  const passed = (length: number) => {
    octets -= length;
    if (octets < mostUnderway / 2 && from.isPaused()) from.resume();
  };
  const schedule = () => {
    const head = underway[0];
    if (head === undefined || isScheduled) return;
    isScheduled = true;
    setTimeout(deliver, Math.max(0, Math.ceil(head.due - performance.now())));
  };
  const deliver = () => {
    isScheduled = false;
    const now = performance.now();
    // Timers are whole milliseconds: one that fires a little early must not wait for another.
    const until = underway.findIndex(({ due }) => due > now + 0.5);
    for (const { chunk } of underway.splice(0, until === -1 ? underway.length : until)) {
      if (to.destroyed) passed(chunk?.length ?? 0);
      else if (chunk === undefined) to.end();
      else to.write(chunk, () => passed(chunk.length));
    }
    schedule();
  };
  const put = (chunk?: Buffer) => {
    underway.push({ due: performance.now() + delayMs, chunk });
    schedule();
  };
  from.on("data", (chunk: Buffer) => {
    octets += chunk.length;
    if (octets > mostUnderway) from.pause();
    put(chunk);
  });
  from.on("end", () => put());
  from.on("close", () => {
    if (from.errored) to.destroy();
  });
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  client.on("error", () => undefined);
  // Setting up a connection takes a round trip too.
  setTimeout(() => {
    const upstream = connect({ port: serverPort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    upstream.on("error", () => client.destroy());
    forward(client, upstream);
    forward(upstream, client);
  }, 2 * delayMs);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(address?.port);
});
process.stdin.on("end", () => process.exit()).resume();
