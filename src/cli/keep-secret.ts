// Keeps a password that a person has typed, and says where it is.

import type { Account } from "../account.ts";
import { printable } from "../formats/printable.ts";
import type { SecretRef } from "../jobs/job.ts";
import { storeSecret } from "../jobs/store-secret.ts";
import type { Invocation } from "./invocation.ts";
import { configDirectory } from "./job-file.ts";
import { keepTexts } from "./texts/account.ts";

export interface KeptSecret {
  /** For the job file. */
  readonly ref: SecretRef;
  /** What was done, in the language of the person. */
  readonly sentence: string;
}

/** `auto` takes a keyring where there is one. Call it when the log-in was granted. Rejects as `storeSecret` does. */
export async function keepSecret(
  secret: string,
  account: Pick<Account, "user" | "host">,
  keep: "auto" | "keyring" | "file",
  invocation: Invocation,
): Promise<KeptSecret> {
  const say = keepTexts.in(invocation.language);
  const { ref, fault } = await storeSecret(secret, account, { keep, configDirectory: configDirectory(invocation) });
  if ("keyring" in ref) return { ref, sentence: say("keep.keyring", { name: printable(ref.keyring) }) };
  const path = printable(ref.file);
  return { ref, sentence: say(fault === undefined ? "keep.file" : "keep.no-keyring", { path }) };
}
