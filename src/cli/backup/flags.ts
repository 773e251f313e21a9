// What the parts of `backup` hand on to each other.

import type { Address } from "../../detect/address.ts";
import type { ServerSettings } from "../../detect/found.ts";
import type { Provider } from "../../detect/provider.ts";
import type { World } from "../../detect/world.ts";
import { lineWidth } from "../block.ts";
import type { Invocation } from "../invocation.ts";
import { backupTexts } from "../texts/backup.ts";
import { wrap } from "../width.ts";

/** As commander gives them. */
export interface BackupFlags {
  readonly to?: string | undefined;
  readonly protocol?: "imap" | "pop3" | undefined;
  readonly format?: "mbox" | "maildir" | undefined;
  readonly server?: string | undefined;
  readonly user?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly passwordStdin?: true | undefined;
}

/** One call of the command. */
export interface Guide {
  readonly address: Address;
  readonly flags: BackupFlags;
  readonly invocation: Invocation;
  /** What detection may ask; the real one if not given. */
  readonly world?: World | undefined;
  readonly say: ReturnType<(typeof backupTexts)["in"]>;
  /** A text on stderr, in lines that a terminal holds; nothing where quiet or only events are wanted. */
  tell(text: string): void;
}

/** A server that has proven who it is. */
export interface ProvenServer {
  readonly settings: ServerSettings;
  readonly provider: Provider | undefined;
}

export function openGuide(
  address: Address,
  flags: BackupFlags,
  invocation: Invocation,
  world: World | undefined,
): Guide {
  return { address, flags, invocation, world, say: backupTexts.in(invocation.language), tell: tellTo(invocation) };
}

export function tellTo({ options, screen }: Invocation): (text: string) => void {
  if (options.quiet || options.events) return () => undefined;
  return (text) => screen.err(`${wrap(text, lineWidth).join("\n")}\n`);
}
