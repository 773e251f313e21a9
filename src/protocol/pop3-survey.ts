// What is in a maildrop: STAT, LIST and UIDL (RFC 1939 sections 5 and 7), held against each other.

import { quoteServer } from "../formats/printable.ts";
import {
  disagreement,
  MaildropIds,
  type MaildropListing,
  MaildropSizes,
  parseListLine,
  parseStat,
  parseUidlLine,
} from "./pop3-listing.ts";
import { responseCode, type StatusLine } from "./pop3-login.ts";

/** How much of a listing is read, terminator aside. */
export interface LineLimits {
  readonly octets: number;
  readonly lines: number;
}

/** A session, as far as it is needed here. */
export interface Conversation {
  /** The status lines of these, in order; what follows one is to be read before the next is asked for. */
  pipeline(commands: readonly string[]): AsyncIterable<StatusLine>;
  /** The lines up to the terminator; more than the limits end the session. */
  lines(most: LineLimits, each: (line: string) => void): Promise<void>;
  fail(fault: string): never;
  refused(command: string, words: string): Error;
}

/** Octets of a whole listing: a million messages with the longest UIDLs. */
const longestListing = 96 * 1024 * 1024;
/** In a maildrop: more than that is not believed. */
const mostMessages = 2_000_000;
/** Lines of a listing beyond what STAT counts: mail may have come since. */
const mostUncounted = 1_000;

/** STAT, LIST and UIDL should agree on the messages: asked again once if they do not. */
export async function agreedListing(session: Conversation): Promise<MaildropListing> {
  for (let attempt = 1; ; attempt += 1) {
    const { messages, listing } = await survey(session);
    const doubt = disagreement(messages, listing);
    if (doubt === undefined) return listing;
    if (attempt === 2) return { ...listing, doubt };
  }
}

async function survey(session: Conversation): Promise<{ messages: number; listing: MaildropListing }> {
  let messages = 0;
  const sizes = new MaildropSizes();
  let uidls: MaildropIds | undefined;
  const commands = ["STAT", "LIST", "UIDL"] as const;
  let replies = 0;
  for await (const { status, text } of session.pipeline(commands)) {
    const command = commands[replies] ?? "UIDL";
    const most = { octets: longestListing, lines: messages + mostUncounted };
    replies += 1;
    if (status !== "ok") {
      if (command === "UIDL" && responseCode(text) !== "SYS/TEMP") continue;
      throw session.refused(command, text);
    }
    if (command === "STAT") {
      messages = parseStat(text) ?? session.fail(`answered ${quoteServer(text)} to STAT`);
      if (messages > mostMessages) session.fail(`claims ${messages} messages`);
    } else if (command === "LIST") {
      await session.lines(most, (line) => {
        const { number, octets } = parseListLine(line) ?? session.fail(`sent ${quoteServer(line)} in LIST`);
        sizes.add(number, octets);
      });
    } else {
      const ids = new MaildropIds();
      await session.lines(most, (line) => {
        const { number, uidl } = parseUidlLine(line) ?? session.fail(`sent ${quoteServer(line)} in UIDL`);
        ids.add(number, uidl);
      });
      uidls = ids;
    }
  }
  return { messages, listing: { sizes, uidls } };
}
