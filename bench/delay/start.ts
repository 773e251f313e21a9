// Starts the delay in a process of its own: what it does must not compete with whoever measures.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { builtProgram } from "../places.ts";

export interface DelayProxy {
  readonly port: number;
  stop(): void;
}

/** `delayMs` in each direction: a round trip takes twice as long. */
export async function startDelayProxy(serverPort: number, delayMs: number): Promise<DelayProxy> {
  const child = spawn(process.execPath, [builtProgram("delay"), `${serverPort}`, `${delayMs}`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => {
      throw new Error("the delay proxy ended at once");
    }),
  ]);
  return { port: Number(port), stop: () => child.stdin.destroy() };
}
