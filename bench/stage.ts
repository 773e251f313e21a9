// The server with its accounts, near and far.

import { startDovecot } from "../test/support/dovecot.ts";
import { type CorpusMailbox, makeInbox, makeMailboxes } from "./corpus/corpus.ts";
import { fill, type Mail } from "./corpus/fill.ts";
import { type DelayProxy, startDelayProxy } from "./delay/start.ts";
import { drainImap } from "./floors/drain-imap.ts";
import { drainPop3 } from "./floors/drain-pop3.ts";
import type { Login } from "./login.ts";

type Protocol = "imap" | "pop3";

export interface Stage extends AsyncDisposable {
  /** An account that is only read. The sample is a twentieth, in an account of its own. */
  source(protocol: Protocol, isSample: boolean, roundTripMs: number): { readonly source: Login; readonly mail: Mail };
  /** An account without mail. */
  newTarget(roundTripMs: number): Promise<Login>;
}

export interface StageOptions {
  /** In the IMAP account; the POP3 account has a quarter. */
  readonly messages: number;
  readonly protocols: readonly Protocol[];
  /** Besides none. */
  readonly roundTripMs: number;
  say(line: string): void;
}

const samplePart = 20;
const seed = 1996;

// What it is given the server syncs to the disk, as it does by default. Without the rest each POP3 session would mark
// what it has sent as seen, and the first would pay for that, by renaming every file.
const config = `
mail_fsync = optimized
protocol pop3 {
  pop3_no_flag_updates = yes
}`;

export async function openStage(options: StageOptions): Promise<Stage> {
  const server = await startDovecot({ config });
  const proxies: DelayProxy[] = [];
  const close = async () => {
    for (const proxy of proxies) proxy.stop();
    await server.stop();
  };
  try {
    const delay = async (port: number) => {
      const proxy = await startDelayProxy(port, options.roundTripMs / 2);
      proxies.push(proxy);
      return proxy.port;
    };
    const farPorts = { imap: await delay(server.imapPort), pop3: await delay(server.pop3Port) };
    const nearPorts = { imap: server.imapPort, pop3: server.pop3Port };
    const reach = (protocol: Protocol, { user, password }: { user: string; password: string }, roundTripMs: number) => {
      const port = (roundTripMs === 0 ? nearPorts : farPorts)[protocol];
      return { host: server.host, port, user, password };
    };

    const accounts = new Map<string, { user: string; password: string; mail: Mail }>();
    const addAccount = async (protocol: Protocol, isSample: boolean, mailboxes: readonly CorpusMailbox[]) => {
      const name = accountName(protocol, isSample);
      const user = await server.addUser(name);
      const mail = fill(user.maildir, server.owner, mailboxes);
      const login = reach(protocol, user, 0);
      // The server builds its index, and the mail is in the page cache, before anybody's time is taken.
      const { messages, octets } = await (protocol === "imap" ? drainImap(login) : drainPop3(login));
      if (messages !== mail.messages) throw new Error(`${name}: the server has ${messages} of ${mail.messages}`);
      // What POP3 sends has stuffed dots.
      if (protocol === "imap" && octets !== mail.octets) throw new Error(`${name}: W= in the file names is wrong`);
      options.say(`account ${name}: ${mail.messages} messages, ${(mail.octets / 1e6).toFixed(1)} MB`);
      accounts.set(name, { ...user, mail });
    };
    for (const [index, protocol] of options.protocols.entries()) {
      const all = protocol === "imap" ? options.messages : Math.ceil(options.messages / 4);
      const make = protocol === "imap" ? makeMailboxes : makeInbox;
      await addAccount(protocol, false, make(all, seed + 2 * index));
      await addAccount(protocol, true, make(Math.ceil(all / samplePart), seed + 2 * index + 1));
    }

    let targets = 0;
    return {
      source(protocol, isSample, roundTripMs) {
        const account = accounts.get(accountName(protocol, isSample));
        if (account === undefined) throw new Error(`there is no ${protocol} account`);
        return { source: reach(protocol, account, roundTripMs), mail: account.mail };
      },
      async newTarget(roundTripMs) {
        targets += 1;
        return reach("imap", await server.addUser(`target${targets}`), roundTripMs);
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function accountName(protocol: Protocol, isSample: boolean): string {
  return `${protocol}${isSample ? "-sample" : ""}`;
}
