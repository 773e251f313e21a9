// Messages that a target refused or altered, kept as .eml files: what their owner can open, print or send by hand.

import { join } from "node:path";
import { ledgerName } from "../formats/mailbox-names.ts";
import {
  createFile,
  makeDirectory,
  removeFile,
  renameFile,
  sync,
  syncDirectory,
  temporaryName,
  writeAll,
} from "../storage/durable.ts";
import type { Spooled } from "../storage/spool.ts";

export interface Refusals {
  /** The octets as they came, durable when it resolves; the same message again is the same file. */
  keep(mailbox: readonly string[], message: Spooled): Promise<void>;
}

/** Files are `FOLDER/MAILBOX/SHA256.eml`, the mailbox's name encoded as a ledger's is. */
export function openRefusals(folder: string): Refusals {
  return {
    async keep(mailbox, message) {
      const directory = join(folder, ledgerName(mailbox).replace(/\.jsonl$/, ""));
      await makeDirectory(directory);
      const temporary = join(directory, temporaryName());
      const handle = await createFile(temporary);
      try {
        try {
          let position = 0;
          for await (const chunk of message.chunks()) {
            await writeAll(handle, temporary, chunk, position);
            position += chunk.length;
          }
          await sync(handle, temporary);
        } finally {
          await handle.close();
        }
        await renameFile(temporary, join(directory, `${message.sha256}.eml`));
      } catch (error) {
        await removeFile(temporary);
        throw error;
      }
      await syncDirectory(directory);
    },
  };
}
