// Jobs that move mail between accounts, and two demo servers to try them on.

import { type ImapServer, type ImapServerOptions, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type MailStore } from "../../src/demo/mail-store.ts";
import type { Account, Job, JobReport } from "../../src/index.ts";
import { runJobs } from "../../src/index.ts";
import { accountOn } from "./jobs.ts";

export function moveTo(to: Account, from: Job["from"], changes: Partial<Job> = {}): Job {
  return {
    name: "move",
    from,
    to: { account: to, under: [] },
    mailboxes: { include: ["*"], exclude: [], map: [], specialUse: true },
    filter: {},
    verify: "after",
    retry: { attempts: 3, maxWaitMs: 0 },
    ...changes,
  };
}

/** Runs one job and gives its report. */
export async function runMove(job: Job, stateDirectory: string, dryRun = false): Promise<JobReport> {
  const { jobs } = await runJobs([job], { concurrency: 3, stateDirectory, dryRun });
  const [report] = jobs;
  if (report === undefined) throw new Error("there is no report");
  return report;
}

const plain = ["IMAP4rev1", "AUTH=PLAIN", "NAMESPACE", "UNSELECT"];
/** What a target may offer to whoever appends, in every combination. */
export const appendingTargets = ["", "LITERAL-", "LITERAL+"].flatMap((literals) =>
  [[], ["MULTIAPPEND"], ["UIDPLUS"], ["MULTIAPPEND", "UIDPLUS"]].map((others) => {
    const offers = [literals, ...others].filter((name) => name !== "");
    return { offers: offers.join(" ") || "nothing", capabilities: [...plain, ...offers] };
  }),
);
/** The one for which everything is at its fastest. */
export const fastTarget = [...plain, "LITERAL+", "MULTIAPPEND", "UIDPLUS"];

export interface Houses {
  readonly old: { readonly store: MailStore; readonly server: ImapServer; readonly account: Account };
  readonly new: { readonly store: MailStore; readonly server: ImapServer; readonly account: Account };
  close(): Promise<void>;
}

/** Two accounts on two demo servers, both empty. */
export async function startHouses(
  target: Omit<ImapServerOptions, "store"> = {},
  source: Omit<ImapServerOptions, "store"> = {},
): Promise<Houses> {
  const house = async (user: string, options: Omit<ImapServerOptions, "store">) => {
    const store = createMailStore(user, `secret-of-${user}`);
    const server = await startImapServer({ store, ...options });
    const account = accountOn({ protocol: "imap", port: server.port, user, password: store.password });
    return { store, server, account };
  };
  const [old, fresh] = await Promise.all([house("ada", source), house("ada-new", target)]);
  return {
    old,
    new: fresh,
    async close() {
      await Promise.all([old.server.close(), fresh.server.close()]);
    },
  };
}

/** A letter of its own. */
export function letter(words: string): Buffer {
  return Buffer.from(
    `Message-ID: <${words.replaceAll(/\W+/g, "-")}@example.net>\r\nSubject: ${words}\r\n\r\n${words}\r\n`,
  );
}

/** Puts letters into a mailbox, making it where it is missing. */
export function deliver(store: MailStore, path: readonly string[], ...words: readonly string[]): void {
  const mailbox = addMailbox(store, path);
  for (const each of words) addMessage(mailbox, letter(each), { flags: ["\\Seen"] });
}
