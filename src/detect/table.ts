// The table of providers: by the domain of an address, by the host that takes a domain's mail, by a server's host.

import type { Address } from "./address.ts";
import type { Detected, ServerSettings } from "./found.ts";
import { isWithin } from "./host-name.ts";
import type { LogInForm, Provider, ProviderServer } from "./provider.ts";
import { elsewhere } from "./providers/elsewhere.ts";
import { france } from "./providers/france.ts";
import { germany } from "./providers/germany.ts";
import { hosting } from "./providers/hosting.ts";
import { international } from "./providers/international.ts";

export const providers: readonly Provider[] = [...international, ...france, ...germany, ...hosting, ...elsewhere];

/** By what stands after the @: A-labels, in any case. */
export function providerOfDomain(domain: string): Provider | undefined {
  const wanted = domain.toLowerCase();
  return providers.find(({ domains }) => domains.includes(wanted));
}

/** By a host that an MX record names, with or without a dot at its end. The longest pattern decides. */
export function providerOfMx(host: string): Provider | undefined {
  const wanted = plainName(host);
  let found: { readonly provider: Provider; readonly length: number } | undefined;
  for (const provider of providers) {
    for (const suffix of provider.mx) {
      if (isWithin(wanted, suffix) && suffix.length > (found?.length ?? 0)) found = { provider, length: suffix.length };
    }
  }
  return found?.provider;
}

/** By the host of a server, as an account or an error names it. This machine is nobody's, whatever runs on it. */
export function providerOfHost(host: string): Provider | undefined {
  const wanted = plainName(host);
  const isOne = ({ host, tls }: ProviderServer) => host === wanted && tls !== "none";
  return providers.find(({ servers, hosts }) => servers.some(isOne) || hosts?.includes(wanted) === true);
}

/** Its servers for this address. `domain` names who is hosted there, if that was found by an MX host. */
export function settingsOf({ servers, logIn }: Provider, address: Address): ServerSettings[] {
  const users = usersOf(address, logIn);
  return servers.map(({ protocol, host, port, tls }) => ({ protocol, host, port, tls, users }));
}

/** What the table says of an address. Asks nobody. */
export function lookUpTable(address: Address): Detected | undefined {
  const provider = providerOfDomain(address.domain);
  if (provider === undefined) return undefined;
  const where = `${provider.name} (${provider.date})`;
  return { servers: settingsOf(provider, address), origin: "table", where, provider, foreignHosts: [] };
}

/** Log-in names in this order, each once. */
export function usersOf({ address, local }: Address, forms: readonly LogInForm[]): string[] {
  return [...new Set(forms.map((form) => (form === "address" ? address : local)))];
}

/** The oldest and the newest day (YYYY-MM-DD) on which an entry was compared with its source. */
export function tableDates(): { readonly oldest: string; readonly newest: string } {
  const dates = providers.map(({ date }) => date).sort();
  return { oldest: dates[0] ?? "", newest: dates.at(-1) ?? "" };
}

function plainName(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}
