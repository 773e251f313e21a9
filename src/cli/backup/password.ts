// The password: from a file, from standard input, or typed. It is never stored, and never on the command line.

import { resolve } from "node:path";
import { printable } from "../../formats/printable.ts";
import { readSecret, secretOfInput } from "../../jobs/secrets.ts";
import { UsageError } from "../errors.ts";
import type { Invocation } from "../invocation.ts";
import { backupTexts } from "../texts/backup.ts";
import type { BackupFlags, Guide } from "./flags.ts";

export interface Password {
  readonly secret: string;
  /** Where it comes from, without the secret: what tells one entry from another in the memory of refusals. */
  readonly place: string;
  readonly isTyped: boolean;
}

/** Before anything is asked of anybody: throws a UsageError where no password can come. */
export function checkPasswordFlags({ passwordFile, passwordStdin }: BackupFlags, invocation: Invocation): void {
  const say = backupTexts.in(invocation.language);
  if (passwordFile !== undefined && passwordStdin) throw new UsageError(say("one.password"));
  if (passwordFile === undefined && !passwordStdin && invocation.ask === undefined)
    throw new UsageError(say("need.password"));
}

/** Rejects with A206 where there is none at the place that was named. `question` asks whoever is to type it. */
export async function getPassword(
  { flags, invocation, say }: Guide,
  user: string,
  question = say("ask.password", { user: printable(user) }),
): Promise<Password> {
  const { passwordFile, passwordStdin } = flags;
  const { cwd, env, ask, readInput } = invocation;
  if (passwordFile !== undefined) {
    const secret = await readSecret({ file: passwordFile }, cwd, env);
    return { secret, place: `file ${resolve(cwd, passwordFile)}`, isTyped: false };
  }
  if (passwordStdin)
    return {
      secret: secretOfInput((await readInput?.()) ?? ""),
      place: "stdin",
      isTyped: false,
    };
  for (;;) {
    const secret = (await ask?.secret(question)) ?? "";
    if (secret !== "") return { secret, place: "typed", isTyped: true };
  }
}
