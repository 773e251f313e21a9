// Who takes a domain's mail (MX records) mostly keeps it too.

import type { Address } from "./address.ts";
import { ispdbUrl, readConfig } from "./autoconfig.ts";
import { foreignHosts } from "./foreign.ts";
import type { Detected } from "./found.ts";
import { isHostName, isWithin } from "./host-name.ts";
import { providerOfMx, settingsOf } from "./table.ts";
import type { Resolver, World } from "./world.ts";

/** Undefined where nobody takes mail, or only a host without a name to ask for. */
export async function bestMx(domain: string, resolver: Resolver): Promise<string | undefined> {
  const records = await resolver.resolveMx(domain);
  return records
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, ""))
    .find((host) => isHostName(host) && host.includes("."));
}

/** The table's provider for the host that takes the mail. */
export function ofHostedBy(mx: string, address: Address): Detected | undefined {
  const provider = providerOfMx(mx);
  if (provider === undefined) return undefined;
  const servers = settingsOf(provider, address);
  return { servers, origin: "mx", where: `MX ${mx}`, provider, foreignHosts: [] };
}

/**
 * What the ISPDB has under a domain of that host. Its own autoconfig is not asked: without a list of public suffixes one
 * might ask `autoconfig.co.uk`, whoever that is.
 */
export async function ofMxInIspdb(
  mx: string,
  address: Address,
  world: World,
  signal: AbortSignal,
): Promise<Detected | undefined> {
  for (const domain of domainsOf(mx)) {
    if (isWithin(domain, address.domain)) continue;
    const found = await readConfig(ispdbUrl(domain), address, "mx", world, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (found !== undefined) return { ...found, foreignHosts: foreignHosts(found.servers, address.domain) };
  }
  return undefined;
}

/** `mail.example.net` and `example.net` for `mx1.mail.example.net`: the two that the ISPDB has such entries under. */
function domainsOf(host: string): string[] {
  const labels = host.split(".");
  const isCountryCode = (labels.at(-1)?.length ?? 0) === 2 && (labels.at(-2)?.length ?? 0) <= 3;
  const shortest = labels.slice(isCountryCode ? -3 : -2);
  const above = labels.slice(1);
  const all = above.length > shortest.length ? [above, shortest] : [shortest];
  return all.filter((one) => one.length >= 2).map((one) => one.join("."));
}
