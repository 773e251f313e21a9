// What an IMAP server may say of which messages there are.

import { addMessage, type StoredMailbox } from "../../../src/demo/mail-store.ts";
import { type ImapLie, isBody, isInbox } from "./lie.ts";
import { ofBodies, ofInbox, ofListing, once, together, toInbox } from "./scripts.ts";

const [one, other] = [3, 17];
const everywhere = ["careful", "fast", "listed fast"] as const;
const miscounted = { unlisted: [] };
const noUidl = { code: "S601", words: /numbered its messages anew/ };
const exists = (count: (inbox: StoredMailbox) => number | null) => () => ({
  onSelect: (mailbox: StoredMailbox) => (isInbox(mailbox) ? { exists: count(mailbox) } : undefined),
});
const isListing = (line: string) => line.includes("RFC822.SIZE");
const reversed = (uids: readonly number[]) => [...uids].reverse();
/** The same in every run: 7 has no divisor in common with what there is. */
const shuffled = (uids: readonly number[]) => uids.map((_, at) => uids[(at * 7) % uids.length] ?? 0);
const doubled = (uids: readonly number[]) => uids.flatMap((uid) => [uid, uid]);

export const listingLies: readonly ImapLie[] = [
  { name: "rows in reverse", ways: everywhere, goesWith: true, tell: () => ({ arrangeRows: reversed }) },
  {
    name: "rows in any order",
    ways: everywhere,
    goesWith: true,
    tell: () => ({ arrangeRows: (uids) => (uids.length % 7 === 0 ? reversed(uids) : shuffled(uids)) }),
  },
  { name: "every row twice", ways: everywhere, goesWith: true, tell: () => ({ arrangeRows: doubled }) },
  {
    name: "every row twice, with other octets the second time",
    tell: () => {
      const given = new Set<number>();
      return together([
        { arrangeRows: doubled },
        ofBodies(({ uid }) => {
          if (given.has(uid)) return { bytes: Buffer.from(`Subject: not ${uid}\r\n\r\nat all\r\n`) };
          given.add(uid);
          return undefined;
        }),
      ]);
    },
  },
  {
    name: "rows of flags that nobody asked for",
    ways: everywhere,
    goesWith: true,
    tell: () =>
      toInbox(({ name }) =>
        name === "UID FETCH"
          ? { reply: "* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 2 FLAGS (\\Deleted))\r\n", next: "handle" }
          : undefined,
      ),
  },
  {
    name: "rows of bodies that nobody asked for, of messages that are not there",
    goesWith: true,
    tell: () =>
      toInbox(({ line }) =>
        isBody(line)
          ? {
              reply: "* 9 FETCH (UID 99999 FLAGS () BODY[] {3}\r\nabc)\r\n* 1 FETCH (BODY[] {3}\r\nxyz)\r\n",
              next: "handle",
            }
          : undefined,
      ),
  },
  {
    name: "a row of a body without a UID",
    costs: { withheld: [{ uids: [one], code: "M401" }] },
    tell: () => ofBodies(({ uid }) => (uid === one ? { items: { UID: null } } : undefined)),
  },
  {
    name: "a row of the listing without a UID",
    ways: everywhere,
    costs: { unlisted: [one] },
    tell: () => ofListing(({ uid }) => (uid === one ? { items: { UID: null } } : undefined)),
  },
  {
    name: "a row of the listing with a UID that is no number",
    ways: everywhere,
    costs: { unlisted: [one] },
    tell: () => ofListing(({ uid }) => (uid === one ? { items: { UID: "4294967296000" } } : undefined)),
  },
  {
    name: "a row of the listing that never comes",
    ways: everywhere,
    costs: { unlisted: [other] },
    goesWith: true,
    tell: () => ofInbox(({ uid }) => (uid === other ? "omit" : undefined)),
  },
  {
    name: "a row of the listing that comes the second time",
    ways: everywhere,
    goesWith: true,
    tell: () => {
      const first = once(() => "omit" as const);
      return ofListing(({ uid }) => (uid === other ? first() : undefined));
    },
  },
  {
    name: "NO to a listing with one poisoned message",
    ways: ["careful"],
    tell: () => ofListing(({ uid }) => (uid === other ? "no" : undefined)),
  },
  {
    name: "NO to every listing",
    ways: ["careful"],
    tell: () =>
      toInbox(({ tag, line }) => (isListing(line) && !isBody(line) ? { reply: `${tag} NO not now\r\n` } : undefined)),
  },
  {
    name: "NO to every listing and every search",
    costs: { stops: "S602" },
    tell: () =>
      toInbox(({ tag, name, line }) =>
        isListing(line) || name === "UID SEARCH" ? { reply: `${tag} NO not now\r\n` } : undefined,
      ),
  },
  {
    name: "EXISTS one too high",
    ways: everywhere,
    costs: miscounted,
    goesWith: true,
    tell: exists(({ messages }) => messages.length + 1),
  },
  {
    name: "EXISTS one too low",
    ways: everywhere,
    costs: miscounted,
    goesWith: true,
    tell: exists(({ messages }) => messages.length - 1),
  },
  { name: "EXISTS 0", costs: miscounted, tell: exists(() => 0) },
  { name: "no EXISTS", costs: miscounted, tell: exists(() => null) },
  { name: "EXISTS of four billion", ways: ["careful"], costs: { stops: "S602" }, tell: exists(() => 4_294_967_295) },
  {
    name: "an EXPUNGE of what is still there, while bodies come",
    goesWith: true,
    tell: () => {
      const first = once(() => ({ reply: "* 1 EXPUNGE\r\n", next: "handle" }) as const);
      return toInbox(({ line }) => (isBody(line) ? first() : undefined));
    },
  },
  {
    name: "nothing found by any search",
    capabilities: ["IMAP4rev1", "AUTH=PLAIN", "NAMESPACE", "UNSELECT", "ENABLE", "CONDSTORE", "ESEARCH"],
    ways: ["careful"],
    tell: () => ({ onSearch: () => [] }),
  },
  {
    name: "a search that leaves out one",
    capabilities: ["IMAP4rev1", "AUTH=PLAIN", "NAMESPACE", "UNSELECT", "ENABLE", "CONDSTORE", "ESEARCH"],
    ways: ["careful"],
    tell: () => ({ onSearch: (numbers) => numbers.slice(1) }),
  },
  {
    name: "no UIDVALIDITY",
    readsAgain: true,
    says: noUidl,
    tell: () => ({ onSelect: () => ({ uidValidity: null }) }),
  },
  {
    name: "another UIDVALIDITY each time",
    readsAgain: true,
    says: noUidl,
    tell: (night) => {
      let times = 0;
      return { onSelect: () => ({ uidValidity: 1000 * night + ++times }) };
    },
  },
  { name: "a UIDVALIDITY of 0", readsAgain: true, tell: () => ({ onSelect: () => ({ uidValidity: 0 }) }) },
  {
    name: "a UIDVALIDITY that is too large",
    readsAgain: true,
    tell: () => ({ onSelect: () => ({ uidValidity: 99_999_999_999 }) }),
  },
  { name: "no UIDNEXT", ways: everywhere, goesWith: true, tell: () => ({ onSelect: () => ({ uidNext: null }) }) },
  { name: "UIDNEXT 1", ways: everywhere, goesWith: true, tell: () => ({ onSelect: () => ({ uidNext: 1 }) }) },
  {
    name: "UIDNEXT of four billion",
    ways: ["careful"],
    goesWith: true,
    tell: () => ({ onSelect: () => ({ uidNext: 4_294_967_295 }) }),
  },
  {
    name: "an INTERNALDATE that is none",
    ways: everywhere,
    goesWith: true,
    tell: () => ofInbox(() => ({ items: { INTERNALDATE: '"32-Foo-2026 99:99:99 +0000"' } })),
  },
  { name: "INTERNALDATE NIL", ways: everywhere, tell: () => ofInbox(() => ({ items: { INTERNALDATE: "NIL" } })) },
  {
    name: "no INTERNALDATE",
    ways: everywhere,
    goesWith: true,
    tell: () => ofInbox(() => ({ items: { INTERNALDATE: null } })),
  },
  {
    name: "another INTERNALDATE each night",
    readsAgain: true,
    tell: (night) => ofInbox(() => ({ items: { INTERNALDATE: `"0${night}-Jan-2020 00:00:00 +0000"` } })),
  },
  { name: "no FLAGS", ways: everywhere, goesWith: true, tell: () => ofInbox(() => ({ items: { FLAGS: null } })) },
  { name: "FLAGS NIL", ways: ["careful", "fast"], tell: () => ofInbox(() => ({ items: { FLAGS: "NIL" } })) },
  {
    name: "a UID given to another message, under the same UIDVALIDITY",
    tell: () => ({}),
    meanwhile({ messages }) {
      const message = messages[one - 1];
      if (message !== undefined) message.bytes = Buffer.from("Subject: another\r\n\r\nof another length\r\n");
    },
    keeps: (before) => before.filter(({ uid }) => uid === one).map(({ bytes }) => bytes),
    readsAgain: true,
  },
  {
    name: "a UID given to another message of the same size, with a date of its own",
    tell: () => ({}),
    meanwhile({ messages }) {
      const message = messages[one - 1];
      if (message === undefined) return;
      message.bytes = Buffer.from(message.bytes).fill("y", message.bytes.length - 4, message.bytes.length - 2);
      message.internalDate = new Date("2020-02-02T02:02:02Z");
    },
    keeps: (before) => before.filter(({ uid }) => uid === one).map(({ bytes }) => bytes),
    readsAgain: true,
  },
  {
    name: "all UIDs moved on by one, under the same UIDVALIDITY",
    tell: () => ({}),
    meanwhile(inbox) {
      for (const message of inbox.messages) message.uid += 1;
      inbox.uidNext += 1;
    },
    readsAgain: true,
  },
  {
    name: "messages that go while they are listed and while they are fetched",
    tell: () => ({
      afterFetchRow({ uid, mailbox, body }) {
        if (isInbox(mailbox) && uid === (body ? 12 : 1)) {
          mailbox.messages = mailbox.messages.filter((message) => message.uid !== (body ? 14 : 20));
        }
      },
    }),
  },
  {
    name: "messages that come while they are listed and while they are fetched",
    tell: () => {
      const late = once(() => Buffer.from("Subject: late\r\n\r\nwhile listed\r\n"));
      const later = once(() => Buffer.from("Subject: later\r\n\r\nwhile fetched\r\n"));
      return {
        afterFetchRow({ uid, mailbox, body }) {
          if (!isInbox(mailbox) || uid !== 5) return;
          const bytes = body ? later() : late();
          if (bytes !== undefined) addMessage(mailbox, bytes);
        },
      };
    },
    isLate: true,
  },
];
