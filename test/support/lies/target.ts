// What an IMAP account may do with the messages that it is given.

import type { ImapScript, ImapServerOptions } from "../../../src/demo/imap-server.ts";
import { addMessage, type StoredMailbox } from "../../../src/demo/mail-store.ts";
import { isBody, isInbox } from "./lie.ts";
import { ofBodies, ofInbox, once, toInbox } from "./scripts.ts";

export interface TargetLie {
  readonly name: string;
  tell(night: number): ImapScript;
  readonly traits?: Partial<ImapServerOptions>;
  /** Messages of INBOX that do not go there, by the words in their subject; `isFinal`: nor when it tells the truth. */
  readonly refused?: { readonly subjects: readonly string[]; readonly code: string; readonly isFinal: boolean };
  /** They are there, and not as they came: M404 names each. */
  readonly alters?: true;
  /** Equal messages are one there. */
  readonly merges?: true;
  /** The run, or a mailbox, can't be finished, and says so under this code. */
  readonly stops?: string;
  readonly says?: RegExp;
  /** What is looked at again each night. */
  readonly readsAgain?: true;
}

const subjectOf = (bytes: Buffer) => /Subject: (.*?)\r?\n/.exec(bytes.toString("latin1"))?.[1] ?? "";
const isOf = (subject: string, bytes: Buffer) => subjectOf(bytes) === subject;
type Arrival = Parameters<NonNullable<ImapScript["onAppend"]>>[0];
type Fault = Awaited<ReturnType<NonNullable<ImapScript["onAppend"]>>>;

const toEach = (fault: (message: Arrival) => Fault) => (): ImapScript => ({ onAppend: fault });
const toOne = (subject: string, fault: Fault) => toEach(({ bytes }) => (isOf(subject, bytes) ? fault : undefined));
const toFirst = (fault: Fault) => (): ImapScript => {
  const first = once(() => fault);
  return { onAppend: () => first() };
};
const one = "letter 4";
const refusal = (code: string, isFinal = true) => ({ refused: { subjects: [one], code, isFinal } });
const onSelect = (lies: (mailbox: StoredMailbox) => ReturnType<NonNullable<ImapScript["onSelect"]>>) => () => ({
  onSelect: (mailbox: StoredMailbox) => (isInbox(mailbox) ? lies(mailbox) : undefined),
});

export const targetLies: readonly TargetLie[] = [
  { name: "no APPENDUID", tell: toEach(() => ({ appendUid: "none" })) },
  {
    name: "APPENDUIDs exchanged in pairs",
    tell: toEach(({ count }) => ({ appendUid: count % 2 === 0 ? count - 1 : count + 1 })),
  },
  { name: "APPENDUIDs that nothing has", tell: toEach(({ count }) => ({ appendUid: 4_000_000_000 + count })) },
  { name: "APPENDUIDs in reverse", tell: toEach(({ count }) => ({ appendUid: 1_000 - count })) },
  { name: "one APPENDUID for all", tell: toEach(() => ({ appendUid: 1 })) },
  { name: "APPENDUID here and there", tell: toEach(({ count }) => ({ appendUid: count % 3 === 0 ? "none" : count })) },
  { name: "OK, and one is not stored", ...refusal("M403"), tell: toOne(one, "ok-not-stored") },
  { name: "OK, and equal messages are kept once", merges: true, tell: toEach(() => "merge") },
  { name: "NO, and the first is stored all the same", tell: toFirst({ answer: { no: "Internal error" } }) },
  { name: "no answer to the first, which is stored", tell: toFirst("lost-answer") },
  { name: "no answer to the first, which is not stored", tell: toFirst("cut-before-store") },
  {
    name: "no answer to every ninth, in turn stored and not",
    tell: () => {
      let arrived = 0;
      return {
        onAppend: () => (++arrived % 9 !== 0 ? undefined : arrived % 2 === 0 ? "lost-answer" : "cut-before-store"),
      };
    },
  },
  {
    name: "an end of the connection whenever one is sent",
    ...refusal("M403", false),
    tell: toOne(one, "cut-before-store"),
  },
  { name: "[TOOBIG] to one", ...refusal("M402"), tell: toOne(one, { no: "[TOOBIG] Message too large" }) },
  {
    name: "NO to 8-bit headers",
    refused: { subjects: ["\xe9t\xe9"], code: "M403", isFinal: true },
    tell: toOne("\xe9t\xe9", { no: "8-bit characters in header" }),
  },
  {
    name: "BAD to NUL",
    refused: { subjects: ["NUL"], code: "M403", isFinal: true },
    tell: toEach(({ bytes }) => (bytes.includes(0) ? { bad: "NUL in literal" } : undefined)),
  },
  {
    name: "NO to bare line feeds",
    refused: { subjects: ["bare"], code: "M403", isFinal: true },
    tell: toOne("bare", { no: "Message contains bare newlines" }),
  },
  {
    name: "NO to a long line",
    refused: { subjects: ["long line"], code: "M403", isFinal: true },
    tell: toOne("long line", { no: "Line of more than 9900 octets" }),
  },
  {
    name: "[UNAVAILABLE] to one",
    ...refusal("M403", false),
    tell: toOne(one, { no: "[UNAVAILABLE] Try again later" }),
  },
  {
    name: "an APPENDLIMIT",
    traits: { appendLimit: 2000 },
    refused: { subjects: ["long line"], code: "M402", isFinal: true },
    tell: () => ({}),
  },
  {
    name: "[OVERQUOTA] from the fifth on",
    stops: "D507",
    tell: () => {
      let n = 0;
      return { onAppend: () => (++n > 4 ? { no: "[OVERQUOTA] Quota exceeded" } : undefined) };
    },
  },
  {
    name: "[LIMIT] to the first",
    tell: () => {
      const first = once(() => true);
      return {
        onCommand: ({ name, tag }) =>
          name === "APPEND" && first() ? { reply: `${tag} NO [LIMIT] Slow down\r\n` } : undefined,
      };
    },
  },
  {
    name: "BYE to the first",
    tell: () => {
      const first = once(() => true);
      return {
        onCommand: ({ name }) =>
          name === "APPEND" && first() ? { reply: "* BYE Going down\r\n", next: "drop" } : undefined,
      };
    },
  },
  {
    name: "a pause of an hour",
    stops: "N304",
    tell: () => ({
      onCommand: ({ name, tag }) =>
        name === "APPEND"
          ? { reply: `${tag} BAD Request is throttled. Suggested Backoff Time: 3600000 milliseconds\r\n` }
          : undefined,
    }),
  },
  {
    name: "no INTERNALDATE taken",
    says: /INTERNALDATE/,
    tell: toEach(({ internalDate }) =>
      internalDate === undefined ? undefined : { bad: "Invalid date-time in Append command" },
    ),
  },
  {
    name: "an INTERNALDATE of its own",
    says: /INTERNALDATE/,
    tell: () => ({
      afterAppend: ({ message }) => {
        message.internalDate = new Date("2020-02-02T02:02:02Z");
      },
    }),
  },
  {
    name: "flags that it forgets",
    tell: () => ({
      afterAppend: ({ message }) => {
        message.flags = [];
      },
    }),
  },
  { name: "few PERMANENTFLAGS", traits: { permanentFlags: ["\\Seen"] }, says: /proj/, tell: () => ({}) },
  {
    name: "other line ends",
    alters: true,
    tell: toEach(({ bytes }) => ({ store: Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1") })),
  },
  {
    name: "a header of its own",
    alters: true,
    tell: toEach(({ bytes }) => ({ store: Buffer.concat([Buffer.from("X-Seen-By: us\r\n"), bytes]) })),
  },
  {
    name: "a header and a footer of its own",
    alters: true,
    tell: toEach(({ bytes }) => ({
      store: Buffer.concat([Buffer.from("Received: here\r\n"), bytes, Buffer.from("\r\n--\r\nScanned by nobody.\r\n")]),
    })),
  },
  { name: "EXISTS one too high", stops: "S602", tell: onSelect(({ messages }) => ({ exists: messages.length + 1 })) },
  { name: "no UIDVALIDITY", stops: "S602", tell: onSelect(() => ({ uidValidity: null })) },
  {
    name: "another UIDVALIDITY each time",
    readsAgain: true,
    tell: (night) => {
      let n = 0;
      return onSelect(() => ({ uidValidity: 1000 * night + ++n }))();
    },
  },
  { name: "UIDNEXT 1", tell: onSelect(() => ({ uidNext: 1 })) },
  { name: "no UIDNEXT", tell: onSelect(() => ({ uidNext: null })) },
  {
    name: "rows in reverse, each twice",
    tell: () => ({ arrangeRows: (uids) => [...uids].reverse().flatMap((uid) => [uid, uid]) }),
  },
  {
    name: "rows that nobody asked for",
    tell: () =>
      toInbox(({ line }) =>
        isBody(line)
          ? { reply: "* 1 FETCH (UID 1 FLAGS ())\r\n* 7 FETCH (BODY[] {1}\r\nx)\r\n", next: "handle" }
          : undefined,
      ),
  },
  { name: "wrong RFC822.SIZE for all", tell: () => ofInbox(() => ({ size: 12_345 })) },
  {
    name: "NIL for the first that is read back, once",
    tell: () => {
      const first = once(() => "nil" as const);
      return ofBodies(() => first());
    },
  },
  {
    name: "NO to CREATE",
    stops: "S602",
    tell: () => ({
      onCommand: ({ name, tag }) => (name === "CREATE" ? { reply: `${tag} NO Permission denied\r\n` } : undefined),
    }),
  },
  {
    name: "[ALREADYEXISTS] to CREATE of what is not there",
    stops: "S602",
    tell: () => ({
      onCommand: ({ name, tag }) =>
        name === "CREATE" ? { reply: `${tag} NO [ALREADYEXISTS] It is there\r\n` } : undefined,
    }),
  },
  {
    name: "mail from elsewhere behind each message",
    tell: () => ({ afterAppend: ({ mailbox }) => void addMessage(mailbox, "Subject: stranger\r\n\r\nhello\r\n") }),
  },
];

export { subjectOf };
