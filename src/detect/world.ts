// What detection needs of the outside: names, ways to hosts, time. Passed in, so that a test has a world of its own.

import { promises as dns, type MxRecord, type SrvRecord } from "node:dns";
import type { LookupFunction } from "node:net";

export interface World {
  /** One for each detection. */
  resolver(): Resolver;
  /** How a port of a host is reached. The name that its certificate must have stays the host's. */
  way(host: string, port: number): Way;
  /** Rings once after so many milliseconds, unless the function that it returns is called before. */
  after(ms: number, ring: () => void): () => void;
  /** PEM text of authorities to trust instead of the system's. */
  readonly tlsCa?: string | undefined;
}

export interface Resolver {
  resolveSrv(name: string): Promise<SrvRecord[]>;
  resolveMx(name: string): Promise<MxRecord[]>;
  /** Whatever is still asked rejects. */
  cancel(): void;
}

/** What node:net takes. */
export interface Way {
  readonly host: string;
  readonly port: number;
  readonly lookup?: LookupFunction | undefined;
}

/** The system's resolvers, network and clock. */
export const realWorld: World = {
  resolver: () => new dns.Resolver({ timeout: 3_000, tries: 2 }),
  way: (host, port) => ({ host, port }),
  after(ms, ring) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};
