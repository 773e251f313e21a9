// What an IMAP server may do with the octets of messages.

import { addMessage } from "../../../src/demo/mail-store.ts";
import { type ImapLie, isBody, uidsIn } from "./lie.ts";
import { ofBodies, ofInbox, once, together, toInbox } from "./scripts.ts";

const [one, other, third] = [3, 17, 30];
const unreadable = (uids: readonly number[], words?: RegExp) => ({
  withheld: [{ uids, code: "M401", ...(words === undefined ? {} : { words }) }],
});
const uids = ({ messages }: { readonly messages: readonly { readonly uid: number }[] }) =>
  messages.map(({ uid }) => uid);
const isAlone = (line: string) => /UID FETCH \d+ /.test(line);
const isPart = (line: string) => line.includes("]<");
const wrongSizes = { code: "S606", words: /other sizes than it sends/ };

export const bodyLies: readonly ImapLie[] = [
  {
    name: "BODY[] NIL with OK",
    costs: unreadable([one], /no content/),
    goesWith: true,
    tell: () => ofBodies(({ uid }) => (uid === one ? "nil" : undefined)),
  },
  {
    name: "BODY[] of no octets with OK",
    costs: unreadable([one], /no content/),
    goesWith: true,
    tell: () => ofBodies(({ uid }) => (uid === one ? { bytes: Buffer.alloc(0) } : undefined)),
  },
  {
    name: 'BODY[] "" with OK',
    costs: unreadable([one], /no content/),
    tell: () => ofBodies(({ uid }) => (uid === one ? { items: { "BODY[]": '""', "BODY[]<0>": '""' } } : undefined)),
  },
  {
    name: "BODY[] NIL, but only at first",
    goesWith: true,
    tell: () => {
      const first = once(() => "nil" as const);
      return ofBodies(({ uid }) => (uid === one ? first() : undefined));
    },
  },
  {
    name: "BODY[] NIL unless it is asked for alone",
    goesWith: true,
    tell: () => ofBodies(({ uid }, line) => (uid === one && !isAlone(line) ? "nil" : undefined)),
  },
  {
    name: "BODY[] NIL unless it is asked for in parts",
    goesWith: true,
    tell: () => ofBodies(({ uid }, line) => (uid === one && !isPart(line) ? "nil" : undefined)),
  },
  {
    name: "NIL for every message",
    ways: ["careful"],
    costs: { withheld: [{ uids: "all", code: "M401" }] },
    tell: () => ofBodies(() => "nil"),
  },
  {
    name: "a row that never comes",
    costs: unreadable([one]),
    goesWith: true,
    tell: () => ofBodies(({ uid }) => (uid === one ? "omit" : undefined)),
  },
  {
    name: "a row that never comes once it was listed, not even for its flags",
    costs: unreadable([one]),
    tell: () => ofInbox(({ uid }, line) => (uid === one && !line.includes("RFC822.SIZE") ? "omit" : undefined)),
  },
  {
    name: "a row that comes the second time",
    goesWith: true,
    tell: () => {
      const first = once(() => "omit" as const);
      return ofBodies(({ uid }) => (uid === other ? first() : undefined));
    },
  },
  {
    name: "only every third row of a set, with OK",
    goesWith: true,
    tell: () => ofBodies(({ uid }, line) => (uid % 3 > 0 && !isAlone(line) ? "omit" : undefined)),
  },
  {
    name: "OK, and no row at all, for every body",
    ways: ["careful"],
    costs: { withheld: [{ uids: "all", code: "M401" }] },
    tell: () => ofBodies(() => "omit"),
  },
  {
    name: "NO behind the rows before one poisoned message",
    costs: unreadable([one], /can't be read/),
    goesWith: true,
    tell: () => ofBodies(({ uid }) => (uid === one ? "no" : undefined)),
  },
  {
    name: "NO at once to any set with a poisoned message",
    costs: unreadable([other], /Server error/),
    goesWith: true,
    tell: (_, inbox) =>
      toInbox(({ tag, line }) =>
        isBody(line) && uidsIn(line, uids(inbox)).includes(other)
          ? { reply: `${tag} NO [UNAVAILABLE] UID FETCH Server error\r\n` }
          : undefined,
      ),
  },
  {
    name: "BAD at once to any set with a poisoned message",
    costs: unreadable([other], /Exchange is unhappy/),
    tell: (_, inbox) =>
      toInbox(({ tag, line }) =>
        isBody(line) && uidsIn(line, uids(inbox)).includes(other)
          ? { reply: `${tag} BAD Exchange is unhappy\r\n` }
          : undefined,
      ),
  },
  {
    name: "NO to a message unless it is asked for alone",
    goesWith: true,
    tell: () => ofBodies(({ uid }, line) => (uid === other && !isAlone(line) ? "no" : undefined)),
  },
  {
    name: "NO to a message unless it is asked for in parts",
    goesWith: true,
    tell: () => ofBodies(({ uid }, line) => (uid === other && !isPart(line) ? "no" : undefined)),
  },
  {
    name: "two poisoned messages and one NIL",
    costs: unreadable([one, other, third]),
    tell: () => ofBodies(({ uid }) => (uid === one ? "nil" : uid === other || uid === third ? "no" : undefined)),
  },
  {
    name: "an end of the connection at any set with a poisoned message",
    costs: unreadable([other], /the connection broke/),
    goesWith: true,
    tell: (_, inbox) =>
      toInbox(({ line }) => (isBody(line) && uidsIn(line, uids(inbox)).includes(other) ? "drop" : undefined)),
  },
  {
    name: "an end of the connection at any set with a poisoned message, unless it is alone",
    tell: (_, inbox) =>
      toInbox(({ line }) =>
        isBody(line) && !isAlone(line) && uidsIn(line, uids(inbox)).includes(other) ? "drop" : undefined,
      ),
  },
  {
    name: "an end of the connection at any set with one of six poisoned messages, and new mail behind them",
    costs: { ...unreadable([2, 4, 8, 16, 24, 32], /the connection broke/), mayEndWith: "N302" },
    ways: ["careful"],
    meanwhile: (inbox) => void addMessage(inbox, "Subject: behind\r\n\r\nthem all\r\n"),
    tell: (_, inbox) =>
      toInbox(({ line }) =>
        isBody(line) && uidsIn(line, uids(inbox)).some((uid) => [2, 4, 8, 16, 24, 32].includes(uid))
          ? "drop"
          : undefined,
      ),
  },
  {
    name: "an end of the connection in the middle of one message, each time",
    costs: unreadable([other], /the connection broke/),
    tell: () => ofBodies(({ uid }) => (uid === other ? { cutAfter: 10 } : undefined)),
  },
  {
    name: "an end of the connection in the middle of one message, once",
    goesWith: true,
    tell: () => {
      const first = once(() => ({ cutAfter: 10 }));
      return ofBodies(({ uid }) => (uid === other ? first() : undefined));
    },
  },
  {
    name: "RFC822.SIZE of one message too large",
    says: wrongSizes,
    goesWith: true,
    tell: (_, { messages }) =>
      ofInbox(({ uid }) => (uid === one ? { size: (messages[one - 1]?.bytes.length ?? 0) + 1000 } : undefined)),
  },
  {
    name: "RFC822.SIZE of one message too small",
    says: wrongSizes,
    goesWith: true,
    tell: () => ofInbox(({ uid }) => (uid === one ? { size: 1 } : undefined)),
  },
  {
    name: "RFC822.SIZE 0 for all",
    ways: ["careful"],
    says: wrongSizes,
    tell: () => ofInbox(() => ({ size: 0 })),
  },
  {
    name: "RFC822.SIZE too large by the same for all",
    says: wrongSizes,
    tell: (_, { messages }) => ofInbox(({ uid }) => ({ size: (messages[uid - 1]?.bytes.length ?? 0) + 7 })),
  },
  {
    name: "RFC822.SIZE of five gigabytes for all",
    ways: ["careful"],
    says: wrongSizes,
    tell: () => ofInbox(() => ({ size: 5_000_000_000 })),
  },
  {
    name: "another RFC822.SIZE each time",
    says: wrongSizes,
    readsAgain: true,
    tell: (night) => ofInbox(({ uid }) => ({ size: 50 * night + (uid % 7) })),
  },
  { name: "no RFC822.SIZE", tell: () => ofInbox(() => ({ items: { "RFC822.SIZE": null } })), ways: ["careful"] },
  {
    name: "an RFC822.SIZE that is no number",
    tell: () => ofInbox(() => ({ items: { "RFC822.SIZE": "many" } })),
    ways: ["careful"],
  },
  {
    name: "a wrong RFC822.SIZE, and no row for that message in a set",
    says: wrongSizes,
    tell: () =>
      ofInbox(({ uid, body }, line) => (uid !== one ? undefined : body && !isAlone(line) ? "omit" : { size: 5000 })),
  },
  {
    name: "a wrong RFC822.SIZE, and other octets the second time",
    says: { code: "S606", words: /other octets each time it is asked \(UID 3\)/ },
    tell: () => {
      let times = 0;
      return ofInbox(({ uid, body }) => {
        if (uid !== one) return undefined;
        if (body) times += 1;
        return times > 1 ? { size: 5000, bytes: Buffer.from(`Subject: ${times}\r\n\r\n`) } : { size: 5000 };
      });
    },
  },
  {
    name: "a header that it adds whenever it gives a message",
    says: { code: "S606", words: /other octets each time it is asked \(UID 3\)/ },
    gave: ({ uid, bytes }) => (uid === one ? stamped(bytes, 1) : bytes),
    tell: (night, { messages }) => {
      let times = night === 1 ? 0 : 100;
      return ofBodies(({ uid }) => {
        if (uid !== one) return undefined;
        times += 1;
        return { bytes: stamped(messages[one - 1]?.bytes ?? Buffer.alloc(0), times) };
      });
    },
  },
  {
    name: "a part from elsewhere in place of the beginning",
    costs: unreadable([one], /another part/),
    tell: () =>
      together([
        toInbox(({ tag, line }) =>
          isPart(line) && line.includes(`UID FETCH ${one} `)
            ? { reply: `* ${one} FETCH (UID ${one} BODY[]<7> {9}\r\nelsewhere)\r\n${tag} OK done\r\n` }
            : undefined,
        ),
        ofBodies(({ uid }) => (uid === one ? "omit" : undefined)),
      ]),
  },
];

function stamped(bytes: Buffer, times: number): Buffer {
  return Buffer.concat([Buffer.from(`X-Given: ${times}\r\n`), bytes]);
}
