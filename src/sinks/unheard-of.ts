// Mail that lies where an archive is to write, and that it knows nothing of.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";

export function unheardOf(path: string, what: "file" | "folder"): MailferryError {
  return new MailferryError(
    "V901",
    `${printable(path)} was not touched: it holds mail that this archive does not know`,
    {
      scope: "mailbox",
      retry: "never",
      remedy: `mailferry verify ARCHIVE --repair takes its mail in. Or move the ${what} out of the archive; then run again.`,
    },
  );
}
