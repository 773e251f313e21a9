// An account of a few letters, archived by a job of a job file, and the commands called on the archive.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { run } from "../../src/cli/run.ts";
import { verify } from "../../src/cli/verify.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import {
  addMailbox,
  addMessage,
  createMailStore,
  type MailStore,
  type StoredMailbox,
} from "../../src/demo/mail-store.ts";
import { multiset, readBack } from "./archives.ts";
import { digestsServed } from "./crossing.ts";
import { type Call, type Caller, type Caught, openCaller } from "./in-process.ts";
import { password, writeJobFile } from "./job-file.ts";

export interface Letters extends AsyncDisposable {
  readonly store: MailStore;
  readonly inbox: StoredMailbox;
  readonly server: ImapServer;
  readonly caller: Caller;
  readonly archive: string;
  /** Of INBOX. */
  readonly ledger: string;
  run(): Promise<Caught>;
  verify(options?: { readonly repair?: true }, call?: Call): Promise<Caught>;
  /** Changes a bit in one of them, by its word; returns the file. */
  damage(word: string): string;
  /** The archive is whole, has what the server has and no more, and the next run has nothing to do. */
  expectWhole(): Promise<void>;
}

const words = ["one", "two", "three", "four"];

export async function openLetters(format: "mbox" | "maildir"): Promise<Letters> {
  const store = createMailStore("ada", password);
  const inbox = addMailbox(store, ["INBOX"]);
  for (const word of words) {
    const text = `From: eve@example.net\r\nSubject: letter ${word}\r\n\r\nDear Ada,\r\nFrom ${word} on.\r\n`;
    addMessage(inbox, text, { flags: ["\\Seen"] });
  }
  addMessage(addMailbox(store, ["Sent"]), "Subject: sent\r\n\r\nbare\nline\r\n");
  const server = await startImapServer({ store });
  const caller = openCaller(password);
  writeJobFile(caller.cwd, { job: { protocol: "imap", port: server.port, format } });
  const archive = join(caller.cwd, "job");
  // The report of a run is named after its second: no two of these begin in the same one.
  let minutes = 0;
  const clock = () => new Date(Date.UTC(2026, 0, 2) + 60_000 * ++minutes);
  const letters: Letters = {
    ...{ store, inbox, server, caller, archive },
    ledger: join(archive, "ledger", "INBOX.jsonl"),
    run: () => caller.call((invocation) => run(["job"], false, invocation, "person"), { json: true, clock }),
    verify: (options = {}, call = {}) =>
      caller.call((invocation) => verify("job", options, invocation), { clock, ...call }),
    damage(word) {
      const folder = join(archive, existsSync(join(archive, "mbox")) ? "mbox" : "maildir/cur");
      const has = (name: string) => readFileSync(join(folder, name)).includes(`From ${word} on`);
      const path = join(folder, readdirSync(folder).find(has) ?? "");
      flip(path, readFileSync(path).indexOf(`From ${word} on`) + 7);
      return path;
    },
    async expectWhole() {
      const verified = await letters.verify({}, { json: true });
      expect([verified.code, verified.document.problems, verified.document.lost]).toEqual([0, [], undefined]);
      expect(multiset(await readBack(archive))).toEqual(digestsServed(store, "imap"));
      const sent = server.messageOctetsSent();
      expect((await letters.run()).code).toBe(0);
      expect(server.messageOctetsSent()).toBe(sent);
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
  expect((await letters.run()).code).toBe(0);
  return letters;
}

export function flip(path: string, at: number): void {
  const octets = readFileSync(path);
  octets[at] = (octets[at] ?? 0) ^ 1;
  writeFileSync(path, octets);
}
