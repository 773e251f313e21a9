// An address that answers nobody: the kernel drops who comes to a listener whose queue is full, as a firewall would.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

// It listens, then never has a turn again to accept anybody.
const deaf = `
const { createServer } = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
createServer().listen({ ...workerData, backlog: 1 }, () => {
  parentPort.postMessage("listening");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}).on("error", (error) => parentPort.postMessage(error.code));
`;
/** More than fit into the queue of a listener for one, on any kernel. */
const mostQueued = 16;
const answerMs = 150;

/** Undefined where this machine has no such address. */
export async function startBlackHole(host: string, port: number): Promise<{ close(): Promise<unknown> } | undefined> {
  const worker = new Worker(deaf, { eval: true, workerData: { host, port } });
  const [said] = await once(worker, "message");
  const sockets: Socket[] = [];
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await worker.terminate();
  };
  const isAnswered = () => {
    const socket = connect({ host, port }).on("error", () => undefined);
    sockets.push(socket);
    return Promise.race([
      once(socket, "connect").then(() => true),
      new Promise((resolve) => setTimeout(resolve, answerMs, false)),
    ]);
  };
  while (said === "listening" && (await isAnswered())) {
    if (sockets.length > mostQueued) throw new Error(`${host}:${port} goes on answering`);
  }
  if (said === "listening") return { close };
  await close();
  return undefined;
}
