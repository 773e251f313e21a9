// What an IMAP server may say to whoever asks for much: pauses, limits, good-byes; and mailboxes that are none.

import type { CommandFault, ScriptedCommand } from "../../../src/demo/imap-server.ts";
import { type ImapLie, isBody } from "./lie.ts";
import { once, toInbox } from "./scripts.ts";

type Answer = (command: ScriptedCommand) => CommandFault;

const says =
  (words: string): Answer =>
  ({ tag }) => ({ reply: `${tag} ${words}\r\n` });

/** To the first command in each night that asks for octets. */
const toFirstBody = (answer: Answer) => () => {
  const first = once(() => true);
  return toInbox((command) => (isBody(command.line) && first() ? answer(command) : undefined));
};
const toEachBody = (answer: Answer) => () => toInbox((command) => (isBody(command.line) ? answer(command) : undefined));
const toEachExamine = (answer: Answer) => () =>
  toInbox((command) => (command.name === "EXAMINE" ? answer(command) : undefined));

const backOff = (ms: number) => says(`BAD Request is throttled. Suggested Backoff Time: ${ms} milliseconds`);
const bye =
  (words: string): Answer =>
  () => ({ reply: `* BYE ${words}\r\n`, next: "drop" });

export const sessionLies: readonly ImapLie[] = [
  { name: "a pause of 20 ms, once", maxWaitMs: 30, tell: toFirstBody(backOff(20)) },
  { name: "a pause of 1 ms, each time", maxWaitMs: 2, costs: { stops: "N304" }, tell: toEachBody(backOff(1)) },
  { name: "a pause of an hour", maxWaitMs: 30, costs: { stops: "N304" }, tell: toFirstBody(backOff(3_600_000)) },
  {
    name: "a pause of an hour, with NO",
    maxWaitMs: 30,
    costs: { stops: "N304" },
    tell: toFirstBody(says("NO Request is throttled. Suggested Backoff Time: 3600000 milliseconds")),
  },
  {
    name: "not connected, once",
    goesWith: true,
    tell: toFirstBody(says("BAD User is authenticated but not connected.")),
  },
  {
    name: "not connected, each time",
    costs: { stops: "N302" },
    tell: toEachBody(says("BAD User is authenticated but not connected.")),
  },
  { name: "[THROTTLED], once", goesWith: true, tell: toFirstBody(says("NO [THROTTLED] Slow down")) },
  { name: "[LIMIT], once", goesWith: true, tell: toFirstBody(says("NO [LIMIT] Slow down")) },
  { name: "[LIMIT], each time", costs: { stops: "N304" }, tell: toEachBody(says("NO [LIMIT] Slow down")) },
  {
    name: "[OVERQUOTA]",
    costs: { stops: "N304" },
    tell: toFirstBody(says("NO [OVERQUOTA] Account exceeded bandwidth limits")),
  },
  {
    name: "a limit of octets a day",
    costs: { stops: "N304" },
    tell: toFirstBody(says("NO Account exceeded command or bandwidth limits")),
  },
  {
    name: "a limit of octets a day, with BYE",
    costs: { stops: "N304" },
    tell: toFirstBody(bye("Account exceeded command or bandwidth limits")),
  },
  { name: "[UNAVAILABLE] to a body, once", goesWith: true, tell: toFirstBody(says("NO [UNAVAILABLE] Try again")) },
  { name: "[SERVERBUG] to a body, once", goesWith: true, tell: toFirstBody(says("NO [SERVERBUG] Ouch")) },
  { name: "NO without a word to a body, once", goesWith: true, tell: toFirstBody(says("NO")) },
  {
    name: "[ALERT] before everything",
    goesWith: true,
    tell: () => ({
      onCommand: () => ({ reply: "* OK [ALERT] \x1b[31mYour mailbox is nearly full\r\n", next: "handle" }),
    }),
  },
  { name: "BYE in the middle, once", goesWith: true, tell: toFirstBody(bye("Session expired")) },
  {
    name: "BYE to each question for octets",
    costs: { stops: "N302" },
    ways: ["careful"],
    tell: toEachBody(bye("Session expired")),
  },
  { name: "BYE with [UNAVAILABLE], once", tell: toFirstBody(bye("[UNAVAILABLE] Going down")) },
  {
    name: "BYE to whoever connects a second time",
    tell: () => {
      const seen = new Set<number>();
      return {
        greeting(connection) {
          seen.add(connection);
          return connection > Math.min(...seen) ? "* BYE Too many simultaneous connections. (Failure)" : undefined;
        },
      };
    },
  },
  {
    name: "NO [LIMIT] to a second log-in",
    tell: () => {
      const seen = new Set<number>();
      return {
        onCommand({ name, tag, connection }) {
          seen.add(connection);
          const isSecond = name === "AUTHENTICATE" && connection > Math.min(...seen);
          return isSecond ? { reply: `${tag} NO [LIMIT] Too many connections\r\n` } : undefined;
        },
      };
    },
  },
  { name: "[INUSE] to EXAMINE", costs: { stops: "S602" }, tell: toEachExamine(says("NO [INUSE] Another has it")) },
  {
    name: "[UNAVAILABLE] to EXAMINE, once",
    goesWith: true,
    tell: () => {
      const first = once(() => true);
      return toInbox(({ name, tag }) =>
        name === "EXAMINE" && first() ? { reply: `${tag} NO [UNAVAILABLE] Later\r\n` } : undefined,
      );
    },
  },
  { name: "NO to EXAMINE", costs: { stops: "S602" }, tell: toEachExamine(says("NO Not today")) },
  {
    name: "an answer under a tag that nobody gave",
    costs: { stops: "N3" },
    timeoutMs: 300,
    tell: toEachBody(() => ({ reply: "X99 OK done\r\n" })),
  },
  {
    name: "nothing at all to a question for octets, once",
    timeoutMs: 150,
    tell: toFirstBody(() => "stall"),
  },
  {
    name: "a mailbox twice in the listing, one that is not there, and one that can hold nothing",
    costs: { stops: "S602" },
    tell: () => ({
      onCommand: ({ name, line }) =>
        name === "LIST" && line.includes("*")
          ? {
              reply:
                '* LIST () "/" INBOX\r\n* LIST () "/" Phantom\r\n* LIST (\\Noselect) "/" Nothing\r\n* LIST () "/" "Projets/2026"\r\n',
              next: "handle",
            }
          : undefined,
    }),
  },
];
