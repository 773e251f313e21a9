// The address: as it was typed, or asked for.

import { type Address, type ParsedAddress, parseAddress } from "../../detect/address.ts";
import { UsageError } from "../errors.ts";
import type { Invocation } from "../invocation.ts";
import { backupTexts } from "../texts/backup.ts";
import type { BackupFlags } from "./flags.ts";

/** Throws a UsageError that says what is wrong with it. */
export function readAddress(text: string, { server }: BackupFlags, invocation: Invocation): Address {
  const parsed = withServer(parseAddress(text), server);
  if ("problem" in parsed) throw new UsageError(describeProblem(parsed, invocation));
  return parsed;
}

/** Asks until there is one. */
export async function askAddress({ ask, screen, ...invocation }: Invocation): Promise<Address> {
  const say = backupTexts.in(invocation.language);
  for (;;) {
    const parsed = parseAddress((await ask?.text(say("ask.address"))) ?? "");
    if (!("problem" in parsed)) return parsed;
    screen.err(`${describeProblem(parsed, invocation)}\n`);
  }
}

type Problem = Extract<ParsedAddress, { readonly problem: unknown }>;

/** On a server of one's own an address may end in the name of a machine. */
function withServer(parsed: ParsedAddress, server: string | undefined): ParsedAddress {
  if (server === undefined || !("problem" in parsed) || parsed.problem !== "no-dot") return parsed;
  const [, local = "", domain = ""] = /^(.*)@(.*)$/.exec(parsed.text) ?? [];
  return { address: `${local}@${domain.toLowerCase()}`, local, domain: domain.toLowerCase() };
}

function describeProblem({ problem, text }: Problem, { language }: Pick<Invocation, "language">): string {
  const say = backupTexts.in(language);
  switch (problem) {
    case "empty":
      return say("address.empty");
    case "no-at":
      return say("address.no-at", { text });
    case "space":
      return say("address.space", { text });
    case "no-local":
      return say("address.no-local", { text });
    case "bad-local":
      return say("address.bad-local", { text });
    case "bad-domain":
      return say("address.bad-domain", { text });
    case "no-dot":
      return say("address.no-dot", { text });
  }
}
