// Mod-sequences: what changed since a client last looked. CONDSTORE (RFC 7162 section 3.1) and ENABLE (RFC 5161).

import type { FetchItem } from "./imap-fetch.ts";
import { type Command, Refusal, textOf, textsOf, type Value } from "./imap-parser.ts";
import type { Handler, ImapSession } from "./imap-session.ts";
import type { StoredMailbox, StoredMessage } from "./mail-store.ts";

export const modSeqCommands: [string, Handler][] = [["ENABLE", enable]];

export const modSeqItems: readonly FetchItem[] = [
  { name: "MODSEQ", needs: "CONDSTORE", format: (message) => `(${modSeqOf(message)})` },
];

export function modSeqOf({ modSeq = 1 }: StoredMessage): number {
  return modSeq;
}

export function highestModSeqOf({ highestModSeq = 1 }: StoredMailbox): number {
  return highestModSeq;
}

/** Of all that a client may enable this server knows CONDSTORE; the rest it passes over, as RFC 5161 says. */
async function enable(session: ImapSession, { args }: Command): Promise<string> {
  const asked = args.flatMap((value) => textsOf(value)).map((name) => name.toUpperCase());
  const enabled = asked.includes("CONDSTORE") && session.offers("CONDSTORE");
  if (enabled) session.condstore = true;
  await session.untagged(enabled ? "ENABLED CONDSTORE" : "ENABLED");
  return "ENABLE done";
}

/** The parameter list of SELECT and EXAMINE. @throws Refusal with BAD for anything but CONDSTORE, where that is offered. */
export function applySelectParameters(session: ImapSession, parameters: Value | undefined): void {
  if (parameters === undefined) return;
  const names = textsOf(parameters).map((name) => name.toUpperCase());
  if (!session.offers("CONDSTORE") || names.some((name) => name !== "CONDSTORE")) {
    throw new Refusal("BAD", "This server does not know that parameter");
  }
  session.condstore = true;
}

/** The modifiers of FETCH. @throws Refusal with BAD for anything but CHANGEDSINCE, where CONDSTORE is offered. */
export function changedSinceOf(session: ImapSession, modifiers: Value | undefined): number | undefined {
  if (modifiers === undefined) return undefined;
  const [name, value, ...rest] = Array.isArray(modifiers) ? modifiers : [];
  const known = session.offers("CONDSTORE") && rest.length === 0 && textOf(name).toUpperCase() === "CHANGEDSINCE";
  if (!known || !/^\d{1,15}$/.test(textOf(value))) throw new Refusal("BAD", "This server does not know that modifier");
  return Number(textOf(value));
}
