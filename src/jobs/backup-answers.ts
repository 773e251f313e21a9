// What `backup` has found and been told about an address, so that the second time only the password is asked for. It may
// have been changed since, by anybody; nothing of a secret is in it.

import { isAbsolute } from "node:path";
import { z } from "zod";
import { readAnswers, writeAnswers } from "../storage/backup-answers.ts";

const answers = z
  .object({
    v: z.literal(1),
    address: z.string().max(320),
    protocol: z.enum(["imap", "pop3"]),
    host: z.string().regex(/^[\x21-\x7e]{1,253}$/),
    port: z.int().min(1).max(65_535),
    tls: z.enum(["implicit", "starttls", "none"]),
    /** The log-in name that was accepted. */
    user: z.string().regex(/^[^\p{Cc}]{1,320}$/u),
    /** The folder of the archive. */
    place: z.string().max(4096).refine(isAbsolute),
    format: z.enum(["mbox", "maildir"]),
  })
  // A password is never sent in the clear to another machine, whatever a file says.
  .refine(({ tls, host }) => tls !== "none" || /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/.test(host));

export type BackupAnswers = Readonly<Omit<z.output<typeof answers>, "v">>;

/** Undefined if nothing is remembered, or nothing that can be used. */
export async function recallAnswers(stateDirectory: string, address: string): Promise<BackupAnswers | undefined> {
  const { data } = answers.safeParse(await readAnswers(stateDirectory, address));
  return data?.address === address ? data : undefined;
}

/** Durable when it resolves. */
export async function rememberAnswers(stateDirectory: string, given: BackupAnswers): Promise<void> {
  await writeAnswers(stateDirectory, given.address, { v: 1, ...given });
}
