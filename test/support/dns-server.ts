// A DNS server on loopback that knows what a test tells it, and keeps every octet that it is asked.

import { createSocket } from "node:dgram";
import { type Answer, decode, encode, type StringAnswer } from "dns-packet";

export interface DnsStage extends AsyncDisposable {
  readonly port: number;
  /** By type and name, such as `MX example.org`. What is not here does not exist; `silence` is never answered. */
  readonly records: Map<string, readonly Answer[] | "silence">;
  /** What was asked, in order. */
  readonly asked: string[];
  /** All that came, one character an octet. */
  heard(): string;
  /** Asked before each answer. */
  before: (question: string) => Promise<void>;
}

export async function startDns(): Promise<DnsStage> {
  const socket = createSocket("udp4");
  let heard = "";
  let isOpen = true;
  const stage: DnsStage = {
    get port() {
      return socket.address().port;
    },
    records: new Map(),
    asked: [],
    heard: () => heard,
    before: async () => {},
    async [Symbol.asyncDispose]() {
      isOpen = false;
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
  socket.on("message", async (octets, { address, port }) => {
    heard += octets.toString("latin1");
    const { id, questions = [] } = decode(octets);
    const [question] = questions;
    if (question === undefined) return;
    const key = `${question.type} ${question.name.toLowerCase()}`;
    stage.asked.push(key);
    await stage.before(key);
    const answers = stage.records.get(key);
    if (!isOpen || answers === "silence") return;
    const notThere = 3;
    const reply = encode({
      type: "response",
      id: id ?? 0,
      flags: answers === undefined ? notThere : 0,
      questions,
      answers: [...(answers ?? [])],
    });
    socket.send(reply, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return stage;
}

export function a(name: string): readonly StringAnswer[] {
  return [{ type: "A", name, ttl: 60, data: "127.0.0.1" }];
}

export function mx(name: string, ...exchanges: readonly string[]): readonly Answer[] {
  return exchanges.map((exchange, index) => ({
    type: "MX",
    name,
    ttl: 60,
    data: { preference: 10 * (index + 1), exchange },
  }));
}

export function srv(
  name: string,
  ...targets: readonly { target: string; port: number; priority?: number; weight?: number }[]
): readonly Answer[] {
  return targets.map((data) => ({ type: "SRV", name, ttl: 60, data: { priority: 0, weight: 0, ...data } }));
}
