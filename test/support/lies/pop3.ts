// What a POP3 server may say that is not so.

import { addMessage, type StoredMailbox } from "../../../src/demo/mail-store.ts";
import type { Pop3Capabilities, Pop3Script } from "../../../src/demo/pop3-server.ts";
import type { Lie } from "./lie.ts";
import { once } from "./scripts.ts";

export interface Pop3Lie extends Lie {
  tell(night: number, inbox: StoredMailbox): Pop3Script;
  readonly offers?: Partial<Pop3Capabilities>;
}

const [one, other] = [3, 17];
const unnamed = { code: "S606", words: /no UIDL of their own/ };
const toCommand = (command: RegExp, reply: string) => (): Pop3Script => ({
  onCommand: (line) => (command.test(line) ? { reply: `${reply}\r\n` } : undefined),
});
const toFirst = (command: RegExp, reply: string | "drop") => (): Pop3Script => {
  const first = once(() => true);
  return {
    onCommand: (line) =>
      command.test(line) && first() ? (reply === "drop" ? reply : { reply: `${reply}\r\n` }) : undefined,
  };
};
const listing = (words: string, lines: readonly string[]) => `+OK ${words}\r\n${lines.join("\r\n")}\r\n.`;
const sizes = ({ messages }: StoredMailbox) => messages.map(({ bytes }, at) => `${at + 1} ${bytes.length}`);
const ids = ({ messages }: StoredMailbox) => messages.map(({ uidl }, at) => `${at + 1} ${uidl}`);
const logIn = /^(PASS|AUTH)/;

export const pop3Lies: readonly Pop3Lie[] = [
  { name: "LIST octets too many", tell: () => ({ listedOctets: (_, octets) => octets + 1000 }) },
  { name: "LIST octets too few", tell: () => ({ listedOctets: (_, octets) => Math.max(1, octets - 10) }) },
  { name: "LIST octets 0", tell: () => ({ listedOctets: () => 0 }) },
  { name: "LIST octets beyond reason", tell: () => ({ listedOctets: () => 999_999_999_999_999 }) },
  {
    name: "other LIST octets each night",
    readsAgain: true,
    tell: (night) => ({ listedOctets: (number) => 7 * number + night }),
  },
  {
    name: "LIST without octets",
    tell: (_, inbox) =>
      toCommand(
        /^LIST$/,
        listing(
          "",
          inbox.messages.map((_, at) => `${at + 1}`),
        ),
      )(),
  },
  { name: "LIST in reverse", tell: (_, inbox) => toCommand(/^LIST$/, listing("", sizes(inbox).reverse()))() },
  {
    name: "LIST with every line twice",
    tell: (_, inbox) =>
      toCommand(
        /^LIST$/,
        listing(
          "",
          sizes(inbox).flatMap((line) => [line, line]),
        ),
      )(),
  },
  {
    name: "LIST without its last line",
    costs: { unlisted: [] },
    tell: (_, inbox) => toCommand(/^LIST$/, listing("", sizes(inbox).slice(0, -1)))(),
  },
  {
    name: "LIST without its last line, once",
    tell: (_, inbox) => toFirst(/^LIST$/, listing("", sizes(inbox).slice(0, -1)))(),
  },
  {
    name: "LIST with a message that is not there",
    costs: { stops: "S602" },
    tell: (_, inbox) => toCommand(/^LIST$/, listing("", [...sizes(inbox), "99 5"]))(),
  },
  {
    name: "STAT one too many",
    costs: { unlisted: [] },
    tell: (_, { messages }) => toCommand(/^STAT$/, `+OK ${messages.length + 1} 1`)(),
  },
  { name: "STAT one too many, once", tell: (_, { messages }) => toFirst(/^STAT$/, `+OK ${messages.length + 1} 1`)() },
  { name: "STAT 0", costs: { unlisted: [] }, tell: toCommand(/^STAT$/, "+OK 0 0") },
  { name: "STAT that is no number", costs: { stops: "N307" }, tell: toCommand(/^STAT$/, "+OK many") },
  {
    name: "UIDL without its last line",
    costs: { unlisted: [] },
    tell: (_, inbox) => toCommand(/^UIDL$/, listing("", ids(inbox).slice(0, -1)))(),
  },
  { name: "UIDL in reverse", tell: (_, inbox) => toCommand(/^UIDL$/, listing("", ids(inbox).reverse()))() },
  { name: "no UIDL", readsAgain: true, says: unnamed, tell: toCommand(/^UIDL/, "-ERR unknown command") },
  {
    name: "no UIDL, no PIPELINING, no CAPA",
    readsAgain: true,
    says: unnamed,
    offers: { capa: false, pipelining: false },
    tell: toCommand(/^UIDL/, "-ERR unknown command"),
  },
  { name: "UIDL [SYS/TEMP], once", tell: toFirst(/^UIDL/, "-ERR [SYS/TEMP] not now") },
  { name: "the same UIDL for all", readsAgain: true, says: unnamed, tell: () => ({ uidl: () => "same" }) },
  {
    name: "the same UIDL for two",
    readsAgain: true,
    says: { code: "S606", words: /gives 2 of its 40 messages/ },
    tell: () => ({ uidl: (number, { uidl }) => (number === one || number === other ? "same" : uidl) }),
  },
  {
    name: "an empty UIDL",
    readsAgain: true,
    says: unnamed,
    tell: () => ({ uidl: (number, { uidl }) => (number === one ? "" : uidl) }),
  },
  {
    name: "a UIDL of 300 octets",
    readsAgain: true,
    says: unnamed,
    tell: () => ({ uidl: (number, { uidl }) => (number === one ? "u".repeat(300) : uidl) }),
  },
  {
    name: "a UIDL of two words",
    readsAgain: true,
    says: unnamed,
    tell: () => ({ uidl: (number, { uidl }) => (number === one ? "two words" : uidl) }),
  },
  {
    name: "a UIDL called __proto__",
    tell: () => ({
      uidl: (number, { uidl }) => (number === one ? "__proto__" : number === other ? "constructor" : uidl),
    }),
  },
  {
    name: "another UIDL for all each night",
    readsAgain: true,
    tell: (night) => ({ uidl: (number) => `night-${night}-${number}` }),
  },
  {
    name: "two UIDLs exchanged in the second night",
    readsAgain: true,
    tell: (night, { messages }) => ({
      uidl(number, { uidl }) {
        if (night === 1 || (number !== one && number !== other)) return uidl;
        return messages[(number === one ? other : one) - 1]?.uidl ?? uidl;
      },
    }),
  },
  {
    name: "a UIDL given to another message",
    tell: () => ({}),
    meanwhile({ messages }) {
      const message = messages[one - 1];
      if (message !== undefined) message.bytes = Buffer.from("Subject: another\r\n\r\nof another length\r\n");
    },
    keeps: (before) => before.filter(({ uid }) => uid === one).map(({ bytes }) => bytes),
    readsAgain: true,
  },
  {
    name: "all numbers moved on by one",
    tell: () => ({}),
    meanwhile(inbox) {
      const first = addMessage(inbox, "Subject: first\r\n\r\nof all\r\n");
      inbox.messages = [first, ...inbox.messages.filter((message) => message !== first)];
    },
    readsAgain: true,
  },
  {
    name: "-ERR to one message",
    costs: { withheld: [{ uids: [one], code: "M401", words: /disk error/ }] },
    tell: toCommand(new RegExp(`^RETR ${one}$`), "-ERR disk error"),
  },
  {
    name: "-ERR to every message",
    costs: { withheld: [{ uids: "all", code: "M401" }] },
    tell: toCommand(/^RETR/, "-ERR disk error"),
  },
  {
    name: "an end of the connection at one message",
    costs: { withheld: [{ uids: [one], code: "M401", words: /the connection broke/ }] },
    tell: () => ({ onCommand: (line) => (line === `RETR ${one}` ? "drop" : undefined) }),
  },
  { name: "an end of the connection at one message, once", tell: toFirst(new RegExp(`^RETR ${other}$`), "drop") },
  {
    name: "neither +OK nor -ERR to one message",
    costs: { stops: "N307" },
    tell: toCommand(new RegExp(`^RETR ${one}$`), "OKAY here it comes"),
  },
  {
    name: "a header that it adds whenever it gives a message",
    gave: ({ uid, bytes }) => (uid === one ? Buffer.concat([Buffer.from("X-Given: 1\r\n"), bytes]) : bytes),
    tell: (night) => ({
      octets: (number, { bytes }) =>
        number === one ? Buffer.concat([Buffer.from(`X-Given: ${night}\r\n`), bytes]) : bytes,
    }),
  },
  { name: "[IN-USE], once", tell: toFirst(logIn, "-ERR [IN-USE] Do you have another POP session running?") },
  {
    name: "[IN-USE], each time",
    costs: { stops: "N305" },
    tell: toCommand(logIn, "-ERR [IN-USE] Do you have another POP session running?"),
  },
  { name: "locked, without a code, once", tell: toFirst(logIn, "-ERR maildrop already locked") },
  {
    name: "[LOGIN-DELAY] of two minutes",
    costs: { stops: "N305" },
    tell: () => ({
      onCommand: (line) =>
        line === "CAPA"
          ? { reply: "+OK\r\nUSER\r\nUIDL\r\nLOGIN-DELAY 120\r\n.\r\n" }
          : logIn.test(line)
            ? { reply: "-ERR [LOGIN-DELAY] wait\r\n" }
            : undefined,
    }),
  },
  { name: "[SYS/TEMP] to the log-in, once", tell: toFirst(logIn, "-ERR [SYS/TEMP] Try again") },
  {
    name: "too many connections, once",
    tell: toFirst(logIn, "-ERR Maximum number of connections from user+IP exceeded"),
  },
  { name: "-ERR for a greeting", costs: { stops: "N302" }, tell: () => ({ greeting: "-ERR busy\r\n" }) },
  {
    name: "PIPELINING, and forgets what is sent ahead",
    costs: { stops: "N302" },
    timeoutMs: 100,
    offers: { pipelining: false },
    tell: toCommand(/^CAPA$/, listing("", ["USER", "UIDL", "PIPELINING"])),
  },
];
