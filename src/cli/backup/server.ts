// Which server: as it was named, as it was found before, or detected. It has proven who it is before a password is asked for.

import { detectServers } from "../../detect/detect.ts";
import type { Detected, ServerSettings } from "../../detect/found.ts";
import { parseServer } from "../../detect/named-server.ts";
import { takesNoPassword } from "../../detect/no-password.ts";
import { serverOfPerson } from "../../detect/person.ts";
import { proveServer } from "../../detect/prove.ts";
import type { Provider } from "../../detect/provider.ts";
import { lookUpTable, providerOfHost } from "../../detect/table.ts";
import { MailferryError } from "../../errors.ts";
import { printable } from "../../formats/printable.ts";
import type { BackupAnswers } from "../../jobs/backup-answers.ts";
import { translate } from "../../language/sentences.ts";
import { UsageError } from "../errors.ts";
import type { Guide, ProvenServer } from "./flags.ts";

/** Rejects with what keeps any password from being asked for: A203, N3xx, or a UsageError that names the flag. */
export async function findServer(guide: Guide, before: BackupAnswers | undefined): Promise<ProvenServer> {
  const { flags } = guide;
  const found =
    flags.server === undefined
      ? ((await goOnWith(before, guide)) ?? (await detect(guide)))
      : await fromPerson(flags.server, guide);
  const { settings } = found;
  return flags.user === undefined ? found : { ...found, settings: { ...settings, users: [flags.user] } };
}

/** Undefined where there is none, or none that answers any more. */
async function goOnWith(before: BackupAnswers | undefined, guide: Guide): Promise<ProvenServer | undefined> {
  const { flags, say, tell } = guide;
  if (before === undefined || (flags.protocol !== undefined && flags.protocol !== before.protocol)) return undefined;
  const settings: ServerSettings = { ...before, users: [before.user] };
  try {
    await prove(settings, guide);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    tell(say("found.gone", { host: before.host, reason: `MF-${error.code}` }));
    return undefined;
  }
  tell(say("found.before", { host: before.host, port: String(before.port), security: securityOf(settings, guide) }));
  return { settings, provider: knownProvider(before.host, guide) };
}

async function detect(guide: Guide): Promise<ProvenServer> {
  const { address, say, tell, invocation, world } = guide;
  const { domain } = address;
  let detected = lookUpTable(address);
  if (detected === undefined) {
    tell(say("looking", { domain }));
    detected = await detectServers(address, { world, signal: invocation.signal });
  }
  if (detected === undefined) return askServer(say("not-found", { domain }), guide);
  const { provider } = detected;
  refuseWithoutPassword(provider, detected.servers, guide);
  const wanted = choose(detected, guide);
  if (!(await isTrusted(detected, guide))) return askServer(say("trust.refused"), guide);
  const settings = await proveOne(wanted, guide);
  sayFound(detected, settings, guide);
  sayProtocol(settings, detected.servers, guide);
  return { settings, provider };
}

/** Servers of the protocol that is wanted, the best first. */
function choose({ servers }: Detected, { flags, say, address }: Guide): readonly ServerSettings[] {
  const protocol = flags.protocol ?? servers[0]?.protocol ?? "imap";
  const chosen = servers.filter((server) => server.protocol === protocol && server.takesNoPassword !== true);
  if (chosen.length > 0) return chosen;
  throw new UsageError(say("no.protocol", { protocol: protocol.toUpperCase(), domain: address.domain }));
}

function refuseWithoutPassword(
  provider: Provider | undefined,
  servers: readonly ServerSettings[],
  { address, tell, invocation }: Guide,
): void {
  if (provider?.password !== "none" && !servers.every(({ takesNoPassword }) => takesNoPassword === true)) return;
  if (provider?.note !== undefined) tell(provider.note.in(invocation.language));
  const name = provider?.name ?? address.domain;
  throw takesNoPassword(name);
}

/**
 * Others than the provider itself say where its mail is: a person has to know them before a password goes there. Neither
 * Enter nor `--yes` stands for that: whoever can forge an answer of the DNS would have the password.
 */
async function isTrusted({ foreignHosts, where }: Detected, guide: Guide): Promise<boolean> {
  const { address, say, tell, invocation } = guide;
  const [host] = foreignHosts;
  if (host === undefined) return true;
  const said = { hosts: foreignHosts.join(", "), domain: address.domain, where };
  if (invocation.ask === undefined) throw new UsageError(say("need.trust", { ...said, host }));
  tell(say("trust", said));
  return invocation.ask.confirm(say("ask.trust"), false);
}

/** The first that answers. One that shows a wrong certificate is no reason to go on to the next. */
async function proveOne(servers: readonly ServerSettings[], guide: Guide): Promise<ServerSettings> {
  let first: unknown;
  for (const settings of servers) {
    try {
      await prove(settings, guide);
      return settings;
    } catch (error) {
      if (!isAbsent(error)) throw error;
      first ??= error;
    }
  }
  throw first;
}

function isAbsent(error: unknown): error is MailferryError {
  return error instanceof MailferryError && ["N301", "N302"].includes(error.code);
}

async function prove(settings: ServerSettings, { world, invocation }: Guide): Promise<void> {
  await proveServer(settings, { world, signal: invocation.signal });
}

async function fromPerson(text: string, guide: Guide): Promise<ProvenServer> {
  const { say, address, flags, invocation, world } = guide;
  const named = parseServer(text);
  if ("problem" in named) throw new UsageError(say("bad.server", { text: named.text }));
  const detected = await serverOfPerson(named, {
    address,
    protocol: flags.protocol ?? named.protocol,
    world,
    signal: invocation.signal,
  });
  const [settings] = detected.servers;
  if (settings === undefined) throw new UsageError(say("bad.server", { text: printable(text) }));
  const provider = knownProvider(settings.host, guide);
  sayFound({ ...detected, provider }, settings, guide);
  sayProtocol(settings, detected.servers, guide);
  return { settings, provider };
}

/** `why`: there is none that could be used. */
async function askServer(why: string, guide: Guide): Promise<ProvenServer> {
  const { invocation, say, tell, address, flags } = guide;
  const { ask, screen } = invocation;
  const { domain } = address;
  if (ask === undefined) throw new UsageError(say("need.server", { domain }));
  tell(why);
  let text = `${flags.protocol === "pop3" ? "pop" : "imap"}.${domain}`;
  for (;;) {
    text = await ask.text(say("ask.server"), text);
    try {
      return await fromPerson(text, guide);
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof MailferryError)) throw error;
      screen.err(`${translate(printable(error.message), invocation.language)}\n`);
    }
  }
}

/** A server on this machine is somebody's bridge only if the address says so. */
function knownProvider(host: string, { address }: Guide): Provider | undefined {
  const provider = providerOfHost(host);
  return isLocal(host) && provider?.domains.includes(address.domain) !== true ? undefined : provider;
}

function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

function sayFound({ origin, where, provider }: Detected, settings: ServerSettings, guide: Guide): void {
  const { say, tell, address } = guide;
  const { host, port } = settings;
  const name = provider?.name ?? address.domain;
  const from =
    origin === "table"
      ? say("origin.table", { date: provider?.date ?? "" })
      : origin === "guess" || origin === "person"
        ? say(`origin.${origin}`)
        : say(`origin.${origin}`, { where });
  tell(say("found", { name, host, port: String(port), security: securityOf(settings, guide), origin: from }));
}

function sayProtocol({ protocol }: ServerSettings, servers: readonly ServerSettings[], { say, tell }: Guide): void {
  const isAlone = servers.every((server) => server.protocol === protocol);
  tell(say(isAlone ? `by.${protocol}.only` : `by.${protocol}`));
}

function securityOf({ tls }: Pick<ServerSettings, "tls">, { say }: Guide): string {
  return say(`security.${tls}`);
}

/** What somebody has to know of a provider before the password is typed. */
export function sayPasswordKind({ provider, settings }: ProvenServer, { say, tell, invocation }: Guide): void {
  if (provider === undefined) return;
  const { name, password, switchOn, appPassword } = provider;
  const whereIs = (guide: { readonly url?: string | undefined; readonly words?: Provider["note"] } | undefined) =>
    [guide?.words?.in(invocation.language), guide?.url].filter((part) => part !== undefined).join(" ");
  if (switchOn?.protocols.includes(settings.protocol)) {
    const protocol = settings.protocol === "imap" ? "IMAP" : "POP3";
    tell(say("switch-on", { provider: name, protocol, where: whereIs(switchOn) }));
  }
  if (password !== "app" && password !== "app-if-two-step" && password !== "separate") return;
  tell(say(`password.${password}`, { provider: name }));
  const where = whereIs(appPassword);
  if (where !== "") tell(say("password.where", { where }));
}
