// The server that somebody names: what speaks there, and whether it is what it says.

import { codeOf, MailferryError } from "../errors.ts";
import type { Endpoint } from "../protocol/connection.ts";
import { isGreeting, notGreeted } from "../protocol/greeting.ts";
import type { Address } from "./address.ts";
import { firstInOrder } from "./first-in-order.ts";
import type { Detected, ServerSettings } from "./found.ts";
import { isLoopback, LineChannel } from "./line-channel.ts";
import type { NamedServer } from "./named-server.ts";
import { type Proof, type ProveOptions, proveServer, usualTimeoutMs } from "./prove.ts";
import { providerOfHost, usersOf } from "./table.ts";
import { realWorld } from "./world.ts";

export interface PersonOptions extends ProveOptions {
  readonly address: Address;
  /** Only this one is looked for; otherwise both, or the one that the name says. */
  readonly protocol?: "imap" | "pop3" | undefined;
}

type Protocol = ServerSettings["protocol"];
type Tls = ServerSettings["tls"];

/**
 * Without a port the usual ones are tried at once: 993, 143, 995 and 110; with one, whatever speaks there. All that is
 * resolved with has been proven. Throws a MailferryError that says best why there is none, or the reason of the signal.
 */
export async function serverOfPerson(
  named: NamedServer,
  { address, protocol = named.protocol, ...options }: PersonOptions,
): Promise<Detected> {
  const { host, port } = named;
  const proofs =
    port === undefined
      ? await tryUsualPorts(host, protocol, options)
      : [await whoSpeaks(host, port, protocol, options)];
  const provider = providerOfHost(host);
  const users = usersOf(address, provider?.logIn ?? ["address", "local"]);
  const servers = proofs.map(({ protocol, host, port, tls }) => ({ protocol, host, port, tls, users }));
  return {
    servers,
    origin: "person",
    where: `${host}${port === undefined ? "" : `:${port}`}`,
    ...(provider === undefined ? {} : { provider }),
    foreignHosts: [],
  };
}

async function tryUsualPorts(host: string, protocol: Protocol | undefined, options: ProveOptions): Promise<Proof[]> {
  const errors: unknown[] = [];
  const never = new Promise<void>(() => {});
  const ended = new AbortController();
  const signal = options.signal === undefined ? ended.signal : AbortSignal.any([options.signal, ended.signal]);
  const best = (protocol: Protocol, implicit: number, clear: number) => {
    const ways: [number, Tls][] = [
      [implicit, "implicit"],
      [clear, "starttls"],
      ...(isLoopback(host) ? [[clear, "none"] as [number, Tls]] : []),
    ];
    const tries = ways.map(async ([port, tls]) => {
      try {
        return await proveServer({ protocol, host, port, tls }, { ...options, signal });
      } catch (error) {
        errors.push(error);
        throw error;
      }
    });
    return firstInOrder<Proof>(tries, never);
  };
  try {
    const proofs = await Promise.all([
      protocol === "pop3" ? undefined : best("imap", 993, 143),
      protocol === "imap" ? undefined : best("pop3", 995, 110),
    ]);
    options.signal?.throwIfAborted();
    const found = proofs.filter((proof) => proof !== undefined);
    if (found.length === 0) throw mostTelling(errors);
    return found;
  } finally {
    ended.abort();
  }
}

/** TLS and plain text are tried at once: who speaks first in the clear does not understand TLS, and the other way round. */
async function whoSpeaks(
  host: string,
  port: number,
  protocol: Protocol | undefined,
  options: ProveOptions,
): Promise<Proof> {
  const inTls = new AbortController();
  const inClear = new AbortController();
  const under = ({ signal }: AbortController) => ({
    ...options,
    signal: options.signal === undefined ? signal : AbortSignal.any([options.signal, signal]),
  });
  const clear = hear(host, port, "clear", protocol, under(inClear));
  clear.catch(() => {});
  try {
    const encrypted = await hear(host, port, "implicit", protocol, under(inTls));
    return await proveServer({ protocol: encrypted, host, port, tls: "implicit" }, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (speaksTls(error)) throw error;
    const spoken = await clear.catch((other: unknown) => {
      options.signal?.throwIfAborted();
      throw mostTelling([error, other]);
    });
    return await upgrade(spoken, host, port, options);
  } finally {
    inTls.abort();
    inClear.abort();
  }
}

/** A certificate that does not hold, or words that are no greeting, came in TLS: nothing speaks in the clear there. */
function speaksTls(error: unknown): boolean {
  if (!(error instanceof MailferryError)) return false;
  return error.code === "N307" || (error.code === "N303" && !/^(EPROTO|ERR_SSL_)/.test(codeOf(error.cause) ?? ""));
}

async function upgrade(protocol: Protocol, host: string, port: number, options: ProveOptions): Promise<Proof> {
  try {
    return await proveServer({ protocol, host, port, tls: "starttls" }, options);
  } catch (error) {
    if (!isLoopback(host) || !(error instanceof MailferryError) || error.code !== "N306") throw error;
    return await proveServer({ protocol, host, port, tls: "none" }, options);
  }
}

/** The protocol of the first line. */
async function hear(
  host: string,
  port: number,
  tls: "implicit" | "clear",
  wanted: Protocol | undefined,
  { world = realWorld, timeoutMs = usualTimeoutMs, signal, tlsCa }: ProveOptions,
): Promise<Protocol> {
  const endpoint: Endpoint = { protocol: wanted ?? "imap", host, port, timeoutMs };
  const channel = await LineChannel.connect(endpoint, tls, { world, signal, tlsCa });
  try {
    const line = await channel.readLine();
    const protocols = wanted === undefined ? (["imap", "pop3"] as const) : [wanted];
    const spoken = protocols.find((protocol) => isGreeting({ protocol }, line));
    if (spoken === undefined) throw notGreeted(endpoint, line);
    return spoken;
  } finally {
    channel.close();
  }
}

/** Something that answers wrongly says more than something that does not answer. */
const telling = ["N307", "N303", "N306", "N304", "N301", "N302"];

function mostTelling(errors: readonly unknown[]): unknown {
  const rank = (error: unknown) => {
    const at = error instanceof MailferryError ? telling.indexOf(error.code) : -1;
    return at < 0 ? telling.length : at;
  };
  return errors.toSorted((a, b) => rank(a) - rank(b))[0];
}
