// Large pieces of memory, given back as soon as they have been used: left to the garbage collector, some hundred megabytes
// would gather before it looks, and each new piece would be memory that the processor has not seen yet.

import { MessageChannel } from "node:worker_threads";

/** What is handed over to a port that is closed goes nowhere. */
const { port1: nowhere } = new MessageChannel();
nowhere.close();

/** The buffer, and every view of it, is empty afterwards. One that shares its memory with others is left alone. */
export function giveBack({ buffer, length }: Buffer): void {
  if (length > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === length)
    nowhere.postMessage(undefined, [buffer]);
}
