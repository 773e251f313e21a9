// A session with an account for a look around: what speaks the protocol is loaded when it is needed.

import type { Account } from "../account.ts";
import type { Quota, SurveyedMailbox } from "../protocol/imap-survey.ts";
import { watchLogIn } from "../protocol/log-in-watch.ts";
import type { Milestones } from "../protocol/milestones.ts";
import { type Ability, imapAbilities, pop3Abilities } from "./abilities.ts";

export interface Trial {
  /** Once. Rejects with a MailferryError if the session ends. */
  survey(): Promise<{ readonly mailboxes: readonly SurveyedMailbox[]; readonly quota: Quota | undefined }>;
  /** After the survey. */
  abilities(): readonly Ability[];
  /** As the server spells them, with their arguments. */
  capabilities(): readonly string[];
  close(): Promise<void>;
}

export interface TrialOptions {
  readonly signal: AbortSignal | undefined;
  readonly milestones: Milestones;
}

export type OpenTrial = (account: Account, options: TrialOptions) => Promise<Trial>;

/** Loads what speaks the account's protocol; with what it gives the account is logged in to. */
export async function loadTrial({ protocol }: Account): Promise<OpenTrial> {
  return protocol === "imap" ? loadImapTrial() : loadPop3Trial();
}

async function loadImapTrial(): Promise<OpenTrial> {
  const { openImapSession } = await import("../protocol/imap-session.ts");
  const { askQuota, surveyMailboxes } = await import("../protocol/imap-survey.ts");
  return async (account, { signal, milestones }) => {
    const session = await watchLogIn(
      account,
      () => openImapSession(account, signal, milestones),
      ({ usable }) => usable,
    );
    const { capabilities } = session.client;
    return {
      survey: async () => ({ mailboxes: await surveyMailboxes(session), quota: await askQuota(session) }),
      abilities: () => imapAbilities(capabilities, account.tls !== "none"),
      capabilities: () =>
        [...capabilities].map(([name, value]) => (typeof value === "number" ? `${name}=${value}` : name)),
      close: () => session.logout(),
    };
  };
}

async function loadPop3Trial(): Promise<OpenTrial> {
  const { Pop3Session } = await import("../protocol/pop3-session.ts");
  return async (account, { signal, milestones }) => {
    const session = await watchLogIn(
      account,
      () => Pop3Session.connect(account, signal, milestones),
      ({ alive }) => alive,
    );
    const { capabilities } = session;
    let hasUidl = true;
    return {
      async survey() {
        const { sizes, uidls } = await session.list();
        hasUidl = uidls !== undefined;
        let octets = 0;
        for (const number of sizes.keys()) octets += sizes.get(number) ?? 0;
        return { mailboxes: [{ path: ["INBOX"], messages: sizes.size, octets }], quota: undefined };
      },
      abilities: () => pop3Abilities(capabilities, { isEncrypted: account.tls !== "none", hasUidl }),
      capabilities: () => [...capabilities].map(([name, args]) => [name, ...args].join(" ")),
      close: () => session[Symbol.asyncDispose](),
    };
  };
}
