// The messages that a command names, as its client numbers them.

import type { Command } from "./imap-parser.ts";
import type { Selected } from "./imap-session.ts";
import { selectNumbers } from "./imap-sets.ts";
import type { StoredMessage } from "./mail-store.ts";

export interface Row {
  readonly sequence: number;
  readonly message: StoredMessage;
}

/** By UID where the command begins with UID, otherwise by sequence number; also those gone of which the client is not told. */
export function rowsOf(selected: Selected, command: Pick<Command, "name">, set: string): Row[] {
  const byUid = command.name.startsWith("UID ");
  const numbers = selected.view.map((message, index) => (byUid ? message.uid : index + 1));
  const wanted = selectNumbers(set, numbers);
  const rows = selected.view.map((message, index) => ({ sequence: index + 1, message }));
  return rows.filter(({ sequence, message }) => wanted.has(byUid ? message.uid : sequence));
}
