// SRV records of a domain (RFC 6186, RFC 8314 section 5.1, RFC 2782).

import type { SrvRecord } from "node:dns";
import type { Address } from "./address.ts";
import { foreignHosts } from "./foreign.ts";
import type { Detected, ServerSettings } from "./found.ts";
import { isHostName } from "./host-name.ts";
import { providerOfHost, usersOf } from "./table.ts";
import type { Resolver } from "./world.ts";

/** Best first: TLS from the first octet is what RFC 8314 prefers. */
const services = [
  { name: "_imaps._tcp", protocol: "imap", tls: "implicit" },
  { name: "_imap._tcp", protocol: "imap", tls: "starttls" },
  { name: "_pop3s._tcp", protocol: "pop3", tls: "implicit" },
  { name: "_pop3._tcp", protocol: "pop3", tls: "starttls" },
] as const;

/** Of each service. */
const mostRecords = 2;

/** Asks for all services at once. Undefined where none is offered. */
export async function readSrv(address: Address, resolver: Resolver): Promise<Detected | undefined> {
  const { domain } = address;
  const users = usersOf(address, ["address", "local"]);
  const found = await Promise.all(
    services.map(async ({ name, protocol, tls }) => {
      const records = await resolver.resolveSrv(`${name}.${domain}`).catch(() => []);
      return usable(records).map(({ host, port }): ServerSettings => ({ protocol, host, port, tls, users }));
    }),
  );
  const servers = found.flat();
  const [best] = servers;
  if (best === undefined) return undefined;
  const provider = providerOfHost(best.host);
  return {
    servers,
    origin: "srv",
    where: `SRV ${services.find(({ protocol, tls }) => protocol === best.protocol && tls === best.tls)?.name}.${domain}`,
    ...(provider === undefined ? {} : { provider }),
    foreignHosts: foreignHosts(servers, domain),
  };
}

/**
 * The lowest priority, then the highest weight: RFC 2782 would draw lots among equals, but an account stays where it was
 * found. A target of "." says that the service is not offered.
 */
function usable(records: readonly SrvRecord[]): { readonly host: string; readonly port: number }[] {
  return records
    .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)
    .map(({ name, port }) => ({ host: name.toLowerCase().replace(/\.$/, ""), port }))
    .filter(({ host, port }) => isHostName(host) && host.includes(".") && port > 0)
    .slice(0, mostRecords);
}
