// A server as somebody types it: HOST, HOST:PORT, [::1]:PORT, imap://HOST, pop3s://HOST:PORT.

import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { printable } from "../formats/printable.ts";
import { isHostName } from "./host-name.ts";

export interface NamedServer {
  /** A-labels, or an IP address without brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly protocol?: "imap" | "pop3" | undefined;
}

export type NamedServerProblem = "empty" | "bad-scheme" | "bad-host" | "bad-port";

export type ParsedServer =
  | NamedServer
  | {
      readonly problem: NamedServerProblem;
      /** What was typed, safe to print and bounded. */
      readonly text: string;
    };

const longestText = 300;

/** Never throws. */
export function parseServer(text: string): ParsedServer {
  const shown = printable(text.length > longestText ? `${text.slice(0, longestText)}…` : text);
  const wrong = (problem: NamedServerProblem) => ({ problem, text: shown });
  const typed = text.trim();
  if (typed === "") return wrong("empty");
  const [, scheme, rest = ""] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*?)\/?$/is.exec(typed) ?? [];
  const protocol = scheme === undefined ? undefined : /^(imap|pop3?)s?$/i.exec(scheme)?.[1]?.toLowerCase();
  if (scheme !== undefined && protocol === undefined) return wrong("bad-scheme");
  const [, bracketed, plain = "", digits] = isIP(rest) === 6 ? [rest, rest] : split(rest);
  const host = bracketed ?? nameOf(plain);
  if (host === undefined || (bracketed !== undefined && isIP(bracketed) !== 6)) return wrong("bad-host");
  const port = digits === undefined ? undefined : /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port !== undefined && (port < 1 || port > 65_535)) return wrong("bad-port");
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol: protocol === "imap" ? "imap" : "pop3" }),
  };
}

/** `[whole, address in brackets, name, port]`. */
function split(text: string): readonly (string | undefined)[] {
  return /^(?:\[([^\]]*)\]|([^[\]:]*))(?::(.*))?$/s.exec(text) ?? [];
}

function nameOf(text: string): string | undefined {
  if (isIP(text) === 4) return text;
  if (/[\s/?#\\%@]/.test(text)) return undefined;
  const name = domainToASCII(text).toLowerCase().replace(/\.$/, "");
  return isHostName(name) ? name : undefined;
}
