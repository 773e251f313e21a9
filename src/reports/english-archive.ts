// English: what is said of an archive, and of how to read it.

export const englishOfArchives = {
  archive: "The archive",
  "archive.holds": {
    one: "{count} message, {size}, in {mailboxes}.",
    other: "{count} messages, {size}, in {mailboxes}.",
  },
  "archive.mailboxes": { one: "{count} mailbox", other: "{count} mailboxes" },
  "archive.account": "{user} on {host}",
  "archive.span": "Received from {first} to {last}.",
  "archive.empty": "The archive holds no message yet.",
  "archive.damaged": {
    one: "{count} ledger could not be read; its messages are not counted here. To see which:",
    other: "{count} ledgers could not be read; their messages are not counted here. To see which:",
  },

  packs: "Packs",
  "packs.written": {
    one: "written and read back intact ({count} message, {size}).",
    other: "written and read back intact ({count} messages, {size}).",
  },
  "packs.planned": "A run now would write",
  "packs.not-due": "No new pack is due before {day}.",
  "packs.held-back": "No pack was made:",
  "packs.none": "No pack was made.",
  "packs.kept": { one: "{count} pack is kept.", other: "{count} packs are kept." },
  "packs.removed": { one: "{count} older pack was removed.", other: "{count} older packs were removed." },
  "packs.more": { one: "and {count} more", other: "and {count} more" },
  "packs.failed": "Something is wrong with the packs; what it is stands below.",

  months: "Mail per month",
  "months.rule":
    "By the date on which the server received each message (UTC). A month without mail may be just that, or a loss that nobody noticed.",
  "months.legend": "no mail in this month",
  "months.gaps": { one: "{count} month without mail: {where}.", other: "{count} months without mail: {where}." },
  "months.gaps.more": { one: "{where} and {count} more stretch", other: "{where} and {count} more stretches" },
  "months.no-gap": "Between the first message and the last run there is no month without mail.",
  "months.cell": { one: "{month}: {count} message", other: "{month}: {count} messages" },
  "months.year": { one: "{year}: {count} message", other: "{year}: {count} messages" },
  "months.earlier": "earlier",
  "months.undated": {
    one: "{count} message has no such date, or none that can be right.",
    other: "{count} messages have no such date, or none that can be right.",
  },
  "months.none": "The server did not say when it received these messages (POP3 does not), so there is nothing to draw.",

  biggest: "Biggest messages",
  "biggest.rule": "Subjects are not shown: the ledger does not know them.",

  reading: "Reading this archive without mailferry",
  "reading.mbox":
    "The mail lies in the folder mbox, one file for each mailbox. The format is mbox (mboxrd), which nearly every mail program reads.",
  "reading.mbox.thunderbird":
    "Thunderbird: the add-on ImportExportTools NG, Import mbox file; choose the files that end in .mbox.",
  "reading.mbox.apple": "Apple Mail: File, Import Mailboxes, Files in mbox format.",
  "reading.mbox.mutt": "In a terminal, with mutt:",
  "reading.mbox.parts":
    "Where the disk can't hold a file as large as a mailbox (FAT32 ends at 4 GiB), that goes on in files beside the first: INBOX.mbox%~part-002.mbox comes after INBOX.mbox. Each is a whole mbox: open them all, or join them in their order.",
  "reading.mbox.quote":
    "A line of a message that begins with From is written with a > before it. That is how mbox tells it from the beginning of the next message; mailferry takes it away again.",
  "reading.maildir":
    "The mail lies in the folder maildir, one file for each message: each is a message as it came, and opens in any text editor. INBOX is the folder cur itself; any other mailbox is a folder beside it that begins with a dot (Maildir++).",
  "reading.maildir.mutt": "In a terminal, with mutt:",
  "reading.maildir.dovecot": "With Dovecot, as an IMAP server for any mail program:",
  "reading.maildir.eml":
    "A single message: copy its file, call the copy message.eml, and open it with your mail program.",
  "reading.copy": "Work on a copy: mail programs change what they open.",
  "reading.ledger":
    "The folder ledger has a text file for each mailbox, one JSON document on each line: of every message its key on the server, its size, its SHA-256, its flags, the date on which the server received it, and where it lies. The mail can be read without it; with it, anybody can prove that no octet has changed.",
  "reading.runs": "The folder runs has the report of every run, as JSON.",
  "reading.marker":
    "The file mailferry.json says of which account this is, and since when. None of these files holds a password.",
  "reading.restore": "With mailferry, an archive is put back into an account, or checked, by:",

  "readme.what":
    "This folder is a backup of mail, made by mailferry, an open-source program. It needs neither that program nor the provider to be read.",
} as const;
