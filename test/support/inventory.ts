// What an account holds, as an IMAP client of its own sees it: nothing of mailferry's readers takes part.

import { ImapFlow } from "imapflow";
import { sha256 } from "./archives.ts";

export interface Held {
  readonly uid: number;
  readonly sha256: string;
  readonly size: number;
  /** System flags but `\Recent`, and keywords, sorted. */
  readonly flags: readonly string[];
  /** INTERNALDATE, whole seconds since 1970. */
  readonly seconds: number;
}

export interface Login {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A client that is logged in; the caller logs it out. */
export async function logIn({ port, user, password }: Login): Promise<ImapFlow> {
  const auth = { user, pass: password };
  const client = new ImapFlow({ host: "127.0.0.1", port, secure: false, doSTARTTLS: false, auth, logger: false });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** By mailbox, as the server names it, decoded and without the prefix of its namespace; empty ones included. */
export async function inventory(login: Login): Promise<Map<string, Held[]>> {
  const client = await logIn(login);
  const found = new Map<string, Held[]>();
  try {
    const prefix = client.namespace?.prefix ?? "";
    for (const { path, flags, delimiter } of await client.list()) {
      if (flags.has("\\Noselect") || flags.has("\\NonExistent")) continue;
      await client.mailboxOpen(path, { readOnly: true });
      const messages: Held[] = [];
      const query = { uid: true, flags: true, internalDate: true, source: true } as const;
      const rows = client.mailbox !== false && client.mailbox.exists > 0 ? client.fetch("1:*", query) : [];
      for await (const { uid, source = Buffer.alloc(0), flags: given = new Set(), internalDate } of rows) {
        messages.push({
          uid,
          sha256: sha256(source),
          size: source.length,
          flags: [...(given as Set<string>)].filter((flag) => flag !== "\\Recent").sort(),
          seconds: Math.floor(new Date(internalDate ?? 0).getTime() / 1000),
        });
      }
      const own = path.startsWith(prefix) ? path.slice(prefix.length) : path;
      found.set(own.split(delimiter || "/").join("/"), messages);
    }
  } finally {
    await client.logout().catch(() => client.close());
  }
  return found;
}

/** What of a message has to be the same on both sides, as one line; sorted, so that two lists can be compared. */
export function likenesses(messages: Iterable<Held>, parts: { readonly flags?: boolean } = {}): string[] {
  return [...messages]
    .map(({ sha256: digest, flags, seconds }) => [digest, seconds, ...(parts.flags === false ? [] : flags)].join(" "))
    .sort();
}
