// The XML in which providers tell mail programs their servers: Thunderbird's clientConfig 1.1
// (https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat). Hostile until it is read.

import sax from "sax";
import { printable } from "../formats/printable.ts";
import type { Address } from "./address.ts";
import type { ServerSettings } from "./found.ts";
import { isHostName } from "./host-name.ts";
import { usersOf } from "./table.ts";

/** Real ones have 4 levels, and up to some 100 elements. */
const deepest = 16;
const mostElements = 2_000;
const mostServers = 8;
const longestUser = 320;

/** An `incomingServer`, as it is written. */
interface Entry {
  readonly type: string;
  hostname: string;
  port: string;
  socketType: string;
  username: string;
  readonly authentication: string[];
}

/**
 * The servers that can be used: IMAP or POP3, encrypted. Those that take no password come last. None for a document that
 * is no clientConfig, or tries to be more than one.
 */
export function parseClientConfig(text: string, address: Address): ServerSettings[] {
  const settings = readEntries(text).flatMap((entry) => settingsOfEntry(entry, address) ?? []);
  const distinct = settings.filter(
    ({ protocol, host, port }, index) =>
      settings.findIndex((one) => one.protocol === protocol && one.host === host && one.port === port) === index,
  );
  return bestFirst(distinct).slice(0, mostServers);
}

/** What takes a password before what does not, IMAP before POP3, otherwise as they were. */
export function bestFirst(servers: readonly ServerSettings[]): ServerSettings[] {
  const rank = ({ protocol, takesNoPassword }: ServerSettings) =>
    (takesNoPassword === true ? 2 : 0) + (protocol === "imap" ? 0 : 1);
  return servers.toSorted((a, b) => rank(a) - rank(b));
}

const where = "clientConfig/emailProvider/incomingServer";

/** No names of entities but XML's own five; the types know an older release. */
const parsing: sax.SAXOptions & { readonly strictEntities: true } = { strictEntities: true };

/** As many as there are until the document ends or breaks; none of one that declares a document type: that is how entities grow. */
function readEntries(text: string): Entry[] {
  const parser = sax.parser(true, parsing);
  const path: string[] = [];
  const entries: Entry[] = [];
  let elements = 0;
  let words = "";
  const refuse = (why: string) => {
    throw new Error(why);
  };
  parser.onerror = (error) => {
    throw error;
  };
  parser.ondoctype = () => refuse("a document type");
  parser.onopentag = ({ name, attributes }) => {
    path.push(name);
    elements++;
    if (path.length > deepest || elements > mostElements) refuse("too much");
    words = "";
    if (path.join("/") === where) {
      const type = String(attributes.type ?? "").toLowerCase();
      entries.push({ type, hostname: "", port: "", socketType: "", username: "", authentication: [] });
    }
  };
  parser.ontext = (more) => {
    words += more;
  };
  parser.oncdata = (more) => {
    words += more;
  };
  parser.onclosetag = (name) => {
    const entry = entries.at(-1);
    if (entry !== undefined && path.slice(0, -1).join("/") === where) {
      if (name === "authentication") entry.authentication.push(words.trim());
      else if (name === "hostname" || name === "port" || name === "socketType" || name === "username") {
        entry[name] = words.trim();
      }
    }
    path.pop();
    words = "";
  };
  try {
    parser.write(text).close();
  } catch {
    return [];
  }
  return entries;
}

function settingsOfEntry(entry: Entry, address: Address): ServerSettings | undefined {
  const { type, socketType, authentication } = entry;
  if (type !== "imap" && type !== "pop3") return undefined;
  const tls = socketType === "SSL" ? "implicit" : socketType === "STARTTLS" ? "starttls" : undefined;
  if (tls === undefined) return undefined;
  const host = entry.hostname.replaceAll("%EMAILDOMAIN%", address.domain).toLowerCase().replace(/\.$/, "");
  const port = /^\d{1,5}$/.test(entry.port) ? Number(entry.port) : 0;
  if (!isHostName(host) || !host.includes(".") || port < 1 || port > 65_535) return undefined;
  const user = fillIn(entry.username, address);
  if (printable(user) !== user || user.length > longestUser) return undefined;
  const users = [...new Set([...(user === "" ? [] : [user]), ...usersOf(address, ["address", "local"])])];
  const takesNoPassword = authentication.length > 0 && !authentication.some((one) => passwordLogIns.has(one));
  return { protocol: type, host, port, tls, users, ...(takesNoPassword ? { takesNoPassword } : {}) };
}

/** `plain` and `secure` are the names that these had at first. */
const passwordLogIns = new Set([
  "password-cleartext",
  "password-encrypted",
  "plain",
  "secure",
  "none",
  "client-IP-address",
]);

/** Each placeholder once: a user name has no use for more. */
function fillIn(text: string, { address, local, domain }: Address): string {
  return text
    .replace("%EMAILADDRESS%", () => address)
    .replace("%EMAILLOCALPART%", () => local)
    .replace("%EMAILDOMAIN%", () => domain);
}
