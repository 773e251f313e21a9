// A few of the lies that the sweep tells all of (lying-servers.deep.test.ts).

import { describe, it } from "vitest";
import { bodyLies } from "./support/lies/imap-bodies.ts";
import { listingLies } from "./support/lies/imap-listings.ts";
import { sessionLies } from "./support/lies/imap-sessions.ts";
import { liveWithTarget } from "./support/lies/moves.ts";
import { liveWithImap, liveWithPop3 } from "./support/lies/nights.ts";
import { pop3Lies } from "./support/lies/pop3.ts";
import { targetLies } from "./support/lies/target.ts";
import { fastTarget } from "./support/moves.ts";

function pick<T extends { readonly name: string }>(lies: readonly T[], name: string): T {
  const lie = lies.find((each) => each.name === name);
  if (lie === undefined) throw new Error(`there is no lie called ${name}`);
  return lie;
}

const imapLies = [...bodyLies, ...listingLies, ...sessionLies];

describe("two nights with a server that lies, and two when it does not, end with every message once", () => {
  it.each([
    ["BODY[] NIL with OK", "careful"],
    ["a row that never comes once it was listed, not even for its flags", "careful"],
    ["an end of the connection at any set with a poisoned message", "fast"],
    ["another RFC822.SIZE each time", "fast"],
    ["a row of the listing without a UID", "careful"],
    ["EXISTS 0", "careful"],
    ["a part from elsewhere in place of the beginning", "careful"],
    ["all UIDs moved on by one, under the same UIDVALIDITY", "careful"],
    ["an end of the connection at any set with one of six poisoned messages, and new mail behind them", "careful"],
    ["no UIDVALIDITY", "careful"],
    ["a UID given to another message, under the same UIDVALIDITY", "careful"],
    ["a pause of an hour", "careful"],
    ["a limit of octets a day, with BYE", "fast"],
    ["not connected, once", "fast"],
    ["rows in any order", "fast"],
    ["messages that go while they are listed and while they are fetched", "fast"],
    ["a wrong RFC822.SIZE, and other octets the second time", "careful"],
  ] as const)("an IMAP source: %s (%s)", (name, way) => liveWithImap([pick(imapLies, name)], way, "mbox"));

  it.each([
    "the same UIDL for two",
    "no UIDL, no PIPELINING, no CAPA",
    "another UIDL for all each night",
    "two UIDLs exchanged in the second night",
    "LIST octets too many",
    "LIST without its last line",
    "[IN-USE], once",
    "[LOGIN-DELAY] of two minutes",
  ])("a POP3 source: %s", (name) => liveWithPop3(pick(pop3Lies, name), "maildir"));

  it.each([
    "APPENDUIDs exchanged in pairs",
    "[OVERQUOTA] from the fifth on",
    "wrong RFC822.SIZE for all",
    "an INTERNALDATE of its own",
    "NO to CREATE",
  ])("an IMAP target: %s", (name) => liveWithTarget(pick(targetLies, name), fastTarget));

  it("an IMAP target that takes one after the other: NO, and the first is stored all the same", () =>
    liveWithTarget(pick(targetLies, "NO, and the first is stored all the same"), ["IMAP4rev1", "AUTH=PLAIN"]));
});
