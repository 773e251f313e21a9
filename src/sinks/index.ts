import { join } from "node:path";
import { maildirName, mboxName } from "../formats/mailbox-names.ts";
import type { Archive } from "../storage/archive.ts";
import { openMaildirWriter } from "./maildir.ts";
import { openMboxWriter } from "./mbox.ts";
import type { Sink } from "./sink.ts";

/** The sink that writes an archive's mail, in the archive's format. */
export function openSink(archive: Archive): Sink {
  return {
    open(mailbox, since) {
      const variant = archive.variantOf(mailbox);
      switch (archive.marker.mail) {
        case "mbox":
          return openMboxWriter(join(archive.mailRoot, mboxName(mailbox.path, variant)), since);
        case "maildir": {
          const name = maildirName(mailbox.path, variant);
          return openMaildirWriter(join(archive.mailRoot, name), name === "", since);
        }
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}
