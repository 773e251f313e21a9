// Whether the keyring of the system can be used: a machine without a desktop has none, and needs none unless a password is in it.

import type { SecretRef } from "../../jobs/job.ts";
import { keyringFault } from "../../jobs/keyring.ts";
import { type Finding, findingOf, type Practice } from "./finding.ts";

const name = "keyring";
/** A keyring that is there answers at once: nobody is asked to unlock it. */
const limitMs = 5_000;

/** `passwords`: where the accounts of the job file have theirs. */
export async function examineKeyring(passwords: readonly SecretRef[], practice: Practice): Promise<Finding> {
  const { say } = practice;
  const fault = await keyringFault({ limitMs });
  if (fault === undefined) return { name, level: "ok", text: say("keyring") };
  const finding = findingOf(name, fault, practice, say("keyring.of"));
  if (passwords.some((password) => "keyring" in password)) return finding;
  return { name, level: "info", text: finding.text, remedy: say("keyring.do") };
}
