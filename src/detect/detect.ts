// From an address to its servers: the table, then all that can be looked up at once, then guesses.

import { setMaxListeners } from "node:events";
import type { Address } from "./address.ts";
import { autoconfigUrls, ispdbUrl, readConfig } from "./autoconfig.ts";
import { firstInOrder } from "./first-in-order.ts";
import type { Detected, Origin } from "./found.ts";
import { guessServers } from "./guess.ts";
import { bestMx, ofHostedBy, ofMxInIspdb } from "./mx.ts";
import { readSrv } from "./srv.ts";
import { lookUpTable } from "./table.ts";
import { realWorld, type World } from "./world.ts";

/** How long all look-ups together may take, and after them all guesses. */
export const patienceMs = 8_000;

/** For the screen. */
export interface DetectionNews {
  readonly origin: Origin;
  /** What is asked: a URL, a DNS name, a domain. Safe to print. */
  readonly where: string;
  readonly news: "asked" | "answered" | "nothing" | "gave-up";
}

export interface DetectOptions {
  readonly world?: World | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((news: DetectionNews) => void) | undefined;
}

/**
 * Undefined where nothing was found: a person has to say. What is found is not proven yet, but for guesses. Rejects only
 * with the reason of the signal. Nothing of it is still under way when this settles, but for a name that the system looks
 * up.
 */
export async function detectServers(
  address: Address,
  { world = realWorld, signal, report = () => {} }: DetectOptions = {},
): Promise<Detected | undefined> {
  signal?.throwIfAborted();
  const known = lookUpTable(address);
  if (known !== undefined) return known;
  const found = await withinPatience(world, signal, (stage) => lookUp(address, world, stage, report));
  if (found !== undefined) return found;
  const guess = { origin: "guess", where: address.domain } as const;
  report({ ...guess, news: "asked" });
  const guessed = await withinPatience(world, signal, ({ givenUp, signal }) =>
    guessServers(address, world, givenUp, signal, patienceMs),
  );
  report({ ...guess, news: guessed === undefined ? "nothing" : "answered" });
  return guessed;
}

interface Stage {
  /** Resolves when the time is over: what is there by then counts. */
  readonly givenUp: Promise<void>;
  /** Ends whatever is still under way, when the stage is over. */
  readonly signal: AbortSignal;
}

async function withinPatience<T>(
  world: World,
  outer: AbortSignal | undefined,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const signal = outer === undefined ? inner.signal : AbortSignal.any([outer, inner.signal]);
  // Each of some twenty connections listens: Node would warn of a leak.
  setMaxListeners(0, signal);
  let forget = () => {};
  const givenUp = new Promise<void>((resolve) => {
    forget = world.after(patienceMs, resolve);
  });
  try {
    const result = await work({ givenUp, signal });
    outer?.throwIfAborted();
    return result;
  } finally {
    forget();
    inner.abort();
  }
}

/**
 * All at once; of those that answer the first of these wins.
 *
 * 1. The domain's mail goes to a provider of the table whose customers all have the same servers (MX). A domain's web host
 *    often answers for it on autoconfig and SRV without having its mail: there a log-in would fail, or worse, find an empty
 *    mailbox. A forged MX record can lead only to a known provider.
 * 2. What the domain says of itself over HTTPS: nobody else can, and it knows its plans and its moves before anybody.
 * 3. The ISPDB: over HTTPS and reviewed, but by others, and it may be older.
 * 4. SRV: the domain's own word too, but DNS mostly comes without proof, so foreign hosts are for a person to accept.
 * 5. MX that leads to a provider with several kinds of servers, or to an entry of the ISPDB: a good guess.
 */
async function lookUp(
  address: Address,
  world: World,
  stage: Stage,
  report: (news: DetectionNews) => void,
): Promise<Detected | undefined> {
  const { domain } = address;
  const { signal, givenUp } = stage;
  const resolver = world.resolver();
  signal.addEventListener("abort", () => resolver.cancel(), { once: true });
  const told = (origin: Origin, where: string, question: Promise<Detected | undefined>) => {
    follow(question, stage, (news) => report({ origin, where, news }));
    return question;
  };
  const config = (url: URL, origin: Origin) => told(origin, url.href, readConfig(url, address, origin, world, signal));
  const mx = bestMx(domain, resolver);
  const hosted = mx.then((host) => (host === undefined ? undefined : ofHostedBy(host, address)));
  const byMx = mx.then(async (host) => {
    if (host === undefined) return undefined;
    return ofHostedBy(host, address) ?? ofMxInIspdb(host, address, world, signal);
  });
  const [own, wellKnown] = autoconfigUrls(domain);
  return firstInOrder(
    [
      hosted.then((found) => (found?.provider?.serversDiffer === true ? undefined : found)),
      config(own, "autoconfig"),
      config(wellKnown, "autoconfig"),
      config(ispdbUrl(domain), "ispdb"),
      told("srv", `SRV ${domain}`, readSrv(address, resolver)),
      told("mx", `MX ${domain}`, byMx),
    ],
    givenUp,
  );
}

/** Tells that it is asked, and then its end, once; nothing when the stage is over before. */
function follow(
  question: Promise<unknown>,
  { givenUp, signal }: Stage,
  tell: (news: DetectionNews["news"]) => void,
): void {
  let isOpen = true;
  const end = (news: DetectionNews["news"]) => {
    if (isOpen && !signal.aborted) tell(news);
    isOpen = false;
  };
  tell("asked");
  question.then(
    (answer) => end(answer === undefined ? "nothing" : "answered"),
    () => end("nothing"),
  );
  void givenUp.then(() => end("gave-up"));
}
