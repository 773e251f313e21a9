// All tables of sentences.

import { commands, refusal } from "./commands.ts";
import { connections, pop3, pop3command, speaker, starttls } from "./connections.ts";
import type { Sentences } from "./form.ts";
import { got, holds, jobFile, kind, unreadable, wrong } from "./job-file.ts";
import { found, local, quote, quoted, quoteds } from "./local.ts";
import { logIns, privatefile, secret } from "./log-ins.ts";
import { mailboxes, more, uncounted, unread, unwritten } from "./mailboxes.ts";
import { notify } from "./notify.ts";
import { packed, packfile, packs } from "./packs.ts";
import { command, hook, runs } from "./runs.ts";
import { disk, storage, untouched } from "./storage.ts";

/** Sentences that stand on their own. */
export const whole: readonly Sentences[] = [
  connections,
  logIns,
  mailboxes,
  storage,
  packs,
  local,
  runs,
  jobFile,
  notify,
  commands,
];

/** Parts of sentences, by the names that gaps call them. */
export const parts: Readonly<Record<string, Sentences>> = {
  command,
  disk,
  found,
  got,
  holds,
  hook,
  kind,
  more,
  packed,
  packfile,
  pop3,
  pop3command,
  privatefile,
  quote,
  quoted,
  quoteds,
  refusal,
  secret,
  speaker,
  starttls,
  uncounted,
  unread,
  unreadable,
  untouched,
  unwritten,
  wrong,
};
