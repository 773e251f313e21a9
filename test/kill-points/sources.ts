// Where the mail of a kill point comes from: each kind of source with the same letters in it, and what may happen there
// between two runs.

import { appendFileSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type MailStore, setFlags } from "../../src/demo/mail-store.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { type Job, runJobs } from "../../src/index.ts";
import { sha256 } from "../support/archives.ts";
import { asPop3Serves } from "../support/crossing.ts";
import { accountOn } from "../support/jobs.ts";

export const sourceKinds = ["imap", "pop3", "maildir", "mbox", "archive"] as const;
export type SourceKind = (typeof sourceKinds)[number];

export interface MailSource {
  readonly from: Job["from"];
  /** The same for kill-child.mjs. */
  readonly child: object;
  deliver(mailbox: string, octets: Buffer): void;
  /** Changes the flags of the first message of INBOX and of the last; where a source has flags that can be changed. */
  mark?(): void;
  /** Gives all its messages other keys, as after a restore on the server's side. */
  renumber?(): void;
  /** To be called when something was delivered. */
  settle?(): Promise<void>;
  /** `mailbox sha256` of each message as the source gives it, sorted. */
  digests(): string[];
  /** Octets of messages that a server has sent so far. */
  octetsSent(): number;
  close(): Promise<void>;
}

/** `folder` is the source's own. */
export async function openMailSource(kind: SourceKind, folder: string): Promise<MailSource> {
  mkdirSync(folder);
  if (kind === "imap" || kind === "pop3") return openAccount(kind);
  if (kind === "maildir") return openMaildir(join(folder, "mail"));
  if (kind === "mbox") return openMbox(join(folder, "mail"));
  return openArchive(folder);
}

async function openAccount(protocol: "imap" | "pop3"): Promise<MailSource> {
  const store = createMailStore("ada", "secret-of-ada");
  const server = await (protocol === "imap" ? startImapServer({ store }) : startPop3Server({ store }));
  const login = { protocol, port: server.port, user: store.user, password: store.password };
  return {
    from: accountOn(login, { connections: 2 }),
    child: login,
    deliver(path, octets) {
      if (protocol === "pop3" && path !== "INBOX") return;
      addMessage(addMailbox(store, [path]), octets, { flags: ["\\Seen", "proj"] });
    },
    ...(protocol === "imap" ? { mark: () => markInbox(store) } : {}),
    renumber() {
      for (const mailbox of store.mailboxes) {
        mailbox.uidValidity += 1;
        mailbox.uidNext += 1000;
        for (const message of mailbox.messages) {
          message.uid = mailbox.uidNext++;
          message.uidl = `n${message.uid}`;
        }
      }
    },
    digests: () => digestsOf(store, (octets) => (protocol === "pop3" ? asPop3Serves(octets) : octets)),
    octetsSent: () => server.messageOctetsSent(),
    close: () => server.close(),
  };
}

function markInbox(store: MailStore): void {
  const inbox = addMailbox(store, ["INBOX"]);
  for (const at of [0, -1]) {
    const message = inbox.messages.at(at);
    if (message !== undefined) setFlags(inbox, message, ["\\Flagged", "proj", "done"]);
  }
}

export function digestsOf(store: MailStore, served: (octets: Buffer) => Buffer = (octets) => octets): string[] {
  return store.mailboxes
    .flatMap(({ path, messages }) => messages.map(({ bytes }) => `${path.join("/")} ${sha256(served(bytes))}`))
    .sort();
}

/** Of what was delivered to a source that gives it back as it is. */
function remembering() {
  const digests: string[] = [];
  return {
    note: (mailbox: string, octets: Buffer) => void digests.push(`${mailbox} ${sha256(octets)}`),
    digests: () => digests.toSorted(),
    octetsSent: () => 0,
    close: async () => undefined,
  };
}

function openMaildir(root: string): MailSource {
  const { note, ...known } = remembering();
  const folderOf = (mailbox: string) => (mailbox === "INBOX" ? root : join(root, `.${mailbox}`));
  let delivered = 0;
  return {
    ...known,
    from: { maildir: root },
    child: { maildir: root },
    deliver(mailbox, octets) {
      for (const name of ["cur", "new", "tmp"]) mkdirSync(join(folderOf(mailbox), name), { recursive: true });
      const path = join(folderOf(mailbox), "cur", `${1_100_000_000 + delivered}.m${delivered}.test:2,S`);
      writeFileSync(path, octets);
      utimesSync(path, 1_100_000_000 + delivered, 1_100_000_000 + delivered);
      delivered += 1;
      note(mailbox, octets);
    },
    mark() {
      const names = readdirSync(join(root, "cur")).sort();
      for (const name of [names[0], names.at(-1)]) {
        if (name !== undefined) renameSync(join(root, "cur", name), join(root, "cur", name.replace(/:2,.*/, ":2,FR")));
      }
    },
  };
}

/** Its messages are text with LF. */
function openMbox(root: string): MailSource {
  const { note, ...known } = remembering();
  mkdirSync(root);
  return {
    ...known,
    from: { mbox: root },
    child: { mbox: root },
    deliver(mailbox, octets) {
      const lines = octets.toString("latin1").replaceAll("\r\n", "\n").replace(/\n?$/, "\n");
      const quoted = lines.replaceAll(/^(>*From )/gm, ">$1");
      appendFileSync(
        join(root, `${mailbox}.mbox`),
        `From ada@example.org Thu Jan  1 00:00:00 2026\n${quoted}\n`,
        "latin1",
      );
      note(mailbox, Buffer.from(lines.replaceAll("\n", "\r\n"), "latin1"));
    },
  };
}

/** An archive, filled from a Maildir. */
function openArchive(folder: string): MailSource {
  const maildir = openMaildir(join(folder, "mail"));
  const archive = join(folder, "archive");
  return {
    ...maildir,
    from: { archive },
    child: { archive },
    async settle() {
      const job: Job = {
        name: "filling",
        from: maildir.from,
        to: { archive, format: "maildir" },
        mailboxes: { include: ["*"], exclude: [], map: [] },
        filter: {},
        verify: "never",
        retry: { attempts: 1, maxWaitMs: 0 },
      };
      const { verdict } = await runJobs([job], { concurrency: 1 });
      if (verdict !== "safe") throw new Error(`the source archive is ${verdict}`);
    },
  };
}
