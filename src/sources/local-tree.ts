// The mailboxes below a folder: found afresh whenever they are asked for, each under a path of its own.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { type LocalSourceOptions, onceEach, type RawPath, textOf } from "./local.ts";
import type { MailboxReader, Source, SourceNotice } from "./source.ts";

/** What a kind of local mail does of its own. */
export interface LocalKind {
  find(root: string, signal: AbortSignal | undefined, notice: (notice: SourceNotice) => void): Promise<FoundMailboxes>;
  open(
    at: RawPath,
    path: readonly string[],
    signal: AbortSignal | undefined,
    notice: (notice: SourceNotice) => void,
  ): Promise<MailboxReader>;
}

export function openLocalSource(root: string, kind: LocalKind, { signal, notice }: LocalSourceOptions): Source {
  const noticeOnce = onceEach(notice);
  let found: Promise<FoundMailboxes> | undefined;
  const find = () => {
    const finding = kind.find(root, signal, noticeOnce);
    finding.catch(() => {
      if (found === finding) found = undefined;
    });
    return finding;
  };
  return {
    async *mailboxes() {
      signal?.throwIfAborted();
      found = find();
      yield* (await found).mailboxes();
    },
    async open(mailbox) {
      signal?.throwIfAborted();
      found ??= find();
      const place = (await found).find(mailbox);
      if (place === undefined) throw noSuchMailbox(root, mailbox);
      if ("error" in place) throw place.error;
      return await kind.open(place.at, mailbox.path, signal, noticeOnce);
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Where a mailbox lies, or why it can't be read. */
export type Found = { readonly at: RawPath } | { readonly error: MailferryError };

/** Folders below this depth are not looked into. */
export const deepest = 32;

/** Mailboxes by their paths. Of two that would have the same, the second gets another. */
export class FoundMailboxes {
  readonly #found = new Map<string, { readonly path: readonly string[]; readonly found: Found }>();

  /** `names` are what the last segment may be, the best first; then numbers are tried. Returns the path. */
  add(parents: readonly string[], names: readonly string[], found: Found): readonly string[] {
    for (let number = 1; ; number++) {
      const name = names[number - 1] ?? `${names[0]} ${number}`;
      const path = withInbox([...parents, name]);
      const key = JSON.stringify(path);
      if (this.#found.has(key)) continue;
      this.#found.set(key, { path, found });
      return path;
    }
  }

  get size(): number {
    return this.#found.size;
  }

  find({ path }: Mailbox): Found | undefined {
    return this.#found.get(JSON.stringify(withInbox(path)))?.found;
  }

  *mailboxes(): Iterable<Mailbox> {
    for (const { path } of this.#found.values()) yield { path };
  }
}

/** INBOX has no case (RFC 9051 section 5.1), nor has it in front of what lies below it. */
function withInbox(path: readonly string[]): readonly string[] {
  const [first = "", ...rest] = path;
  return /^inbox$/i.test(first) ? ["INBOX", ...rest] : path;
}

/** There may be mail below this folder, and nobody would miss it: so it counts as a mailbox that can't be read. */
export function tooDeep(path: RawPath): MailferryError {
  return new MailferryError("S602", `${printable(textOf(path))}: folders lie too deep in one another here`, {
    scope: "mailbox",
    retry: "never",
    remedy: "Name this folder as a source of its own.",
  });
}

function noSuchMailbox(root: string, { path }: Mailbox): MailferryError {
  return new MailferryError("S602", `${printable(root)} has no mailbox ${printable(path.join("/"))}`, {
    scope: "mailbox",
    retry: "later",
  });
}

/** A folder without any mail is more often a wrong path, or a disk that is not there. */
export function noMail(root: string, what: string): MailferryError {
  return new MailferryError("S602", `${printable(root)}: there is no ${what} in this folder`, {
    scope: "session",
    retry: "never",
    remedy: "Check the path, and that the disk is plugged in.",
  });
}
