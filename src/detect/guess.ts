// Where servers mostly are when nobody has said where. A guess counts only if a mail server answers there, under TLS, with
// a certificate for that very name.

import type { Address } from "./address.ts";
import { firstInOrder } from "./first-in-order.ts";
import type { Detected, ServerSettings } from "./found.ts";
import { type Proof, proveServer } from "./prove.ts";
import { usersOf } from "./table.ts";
import type { World } from "./world.ts";

type Guess = Pick<ServerSettings, "protocol" | "host" | "port" | "tls">;

/** For one protocol, best first. */
function guessesFor(protocol: "imap" | "pop3", domain: string): Guess[] {
  const hosts =
    protocol === "imap"
      ? [`imap.${domain}`, `mail.${domain}`, domain]
      : [`pop.${domain}`, `pop3.${domain}`, `mail.${domain}`, domain];
  const ports = protocol === "imap" ? { implicit: 993, starttls: 143 } : { implicit: 995, starttls: 110 };
  return (["implicit", "starttls"] as const).flatMap((tls) =>
    hosts.map((host) => ({ protocol, host, port: ports[tls], tls })),
  );
}

/** Tries all at once. What is not proven when `givenUp` resolves is none. The signal ends what is still tried. */
export async function guessServers(
  address: Address,
  world: World,
  givenUp: Promise<void>,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Detected | undefined> {
  const users = usersOf(address, ["address", "local"]);
  const best = (protocol: "imap" | "pop3") => {
    const tries = guessesFor(protocol, address.domain).map((guess) => proveServer(guess, { world, signal, timeoutMs }));
    return firstInOrder<Proof>(tries, givenUp);
  };
  const proofs = await Promise.all([best("imap"), best("pop3")]);
  const servers = proofs
    .filter((proof) => proof !== undefined)
    .map(({ protocol, host, port, tls }): ServerSettings => ({ protocol, host, port, tls, users }));
  const [first] = servers;
  if (first === undefined) return undefined;
  return { servers, origin: "guess", where: `${first.host}:${first.port}`, foreignHosts: [] };
}
