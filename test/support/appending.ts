// Moves into targets that offer this and that: what the tests of them share.

import { expect } from "vitest";
import { addMailbox, addMessage } from "../../src/demo/mail-store.ts";
import { inventory, likenesses } from "./inventory.ts";
import { fastTarget, type Houses, moveTo, startHouses } from "./moves.ts";
import { tortureMessages } from "./torture.ts";

const opened: Houses[] = [];
/** After each test. */
export async function closeHouses(): Promise<void> {
  for (const houses of opened.splice(0)) await houses.close();
}

export async function start(target: Parameters<typeof startHouses>[0] = {}): Promise<Houses> {
  const houses = await startHouses({ capabilities: fastTarget, ...target });
  opened.push(houses);
  return houses;
}

export const login = (all: Houses, side: "old" | "new") => ({ port: all[side].server.port, ...all[side].store });
export const job = (all: Houses, changes = {}) => moveTo(all.new.account, all.old.account, changes);
export const commands = (all: Houses) => all.new.server.log.filter((line) => / APPEND /.test(line));
export const inbox = (all: Houses) => addMailbox(all.new.store, ["INBOX"]).messages;
export const subjects = (all: Houses) => inbox(all).map(({ bytes }) => /Subject: (.*)\r\n/.exec(`${bytes}`)?.[1]);
export const numbered = (count: number) => Array.from({ length: count }, (_, n) => `letter ${n}`);
export const saysSubject = (bytes: Buffer, subject: string) => `${bytes}`.includes(`Subject: ${subject}\r\n`);

/** Odd messages with flags and dates of their own, and twins, in mailboxes with odd names. */
export function fill(all: Houses, count = 40): void {
  const mail = tortureMessages().filter(({ bytes }) => bytes.length < 100_000);
  for (const [place, path] of [["INBOX"], ["Projets", 'Été "2026" & \\plans'], ["a b", "日本"]].entries()) {
    const mailbox = addMailbox(all.old.store, path);
    for (const [index, { bytes }] of [...mail, ...mail.slice(0, 3)].slice(place, place + count).entries()) {
      const flags = [["\\Seen"], [], ["\\Flagged", "proj"], ["\\Deleted", "$Forwarded"]][index % 4] ?? [];
      addMessage(mailbox, bytes, { flags, internalDate: new Date(Date.UTC(2001 + (index % 20), place, 5, 6, 7, 8)) });
    }
  }
}

export async function expectEqual(all: Houses, what = ""): Promise<void> {
  const [source, target] = [await inventory(login(all, "old")), await inventory(login(all, "new"))];
  for (const [name, messages] of source) {
    expect(likenesses(target.get(name) ?? []).sort(), `${what} ${name}`).toEqual(likenesses(messages).sort());
  }
}
