// The demo's account: about sixty messages, the same on every run, among them those that backups are known to spoil.

import { addMailbox, addMessage, createMailStore, type MailStore } from "./mail-store.ts";

/** The account of `mailferry demo`. */
export function createDemoStore(user = "ada@example.org", password = "analytical-engine"): MailStore {
  const store = createMailStore(user, password);
  const inbox = addMailbox(store, ["INBOX"]);
  for (const [index, bytes] of trickyMessages().entries()) {
    addMessage(inbox, bytes, { flags: index % 3 === 0 ? ["\\Seen"] : [], internalDate: dateOf(index) });
  }
  const letters = [
    { path: ["INBOX"], count: 24, flags: [["\\Seen"], [], ["\\Seen", "\\Answered"], ["\\Seen", "$Forwarded"]] },
    { path: ["Sent"], count: 12, flags: [["\\Seen"]], specialUse: "\\Sent" },
    {
      path: ["Projets", "2026"],
      count: 9,
      flags: [
        ["\\Seen", "\\Flagged"],
        ["\\Seen", "Projet"],
      ],
    },
    { path: ["Éphémère"], count: 3, flags: [[]] },
    { path: ["Trash"], count: 4, flags: [["\\Seen", "\\Deleted"]], specialUse: "\\Trash" },
  ];
  let serial = 0;
  for (const { path, count, flags, specialUse } of letters) {
    const mailbox = addMailbox(store, path, specialUse);
    for (let index = 0; index < count; index += 1) {
      serial += 1;
      addMessage(mailbox, letter(serial), {
        flags: flags[index % flags.length] ?? [],
        internalDate: dateOf(100 + serial * 7),
      });
    }
  }
  return store;
}

/** Whole minutes apart, from the morning of 5 January 2026 (UTC). */
function dateOf(step: number): Date {
  return new Date(Date.UTC(2026, 0, 5, 9, step * 37));
}

function headerDate(date: Date): string {
  return date.toUTCString().replace("GMT", "+0000");
}

function crlf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}

const subjects = [
  "Minutes of Tuesday's meeting",
  "Le devis pour la toiture",
  "Your train to Lyon",
  "Recette de la tarte aux mirabelles",
  "Invoice 2026-014",
  "Les photos de Noël",
  "Notes on the difference engine",
  "Rendez-vous chez le notaire",
];

const paragraphs = [
  "Thank you for the quick answer. I have put the figures into the table and they add up now.",
  "Merci pour ta réponse. J'ai bien reçu les clés, je passerai samedi matin déposer les cartons.",
  "The second drawing is still missing; without it the workshop can't begin.",
  "N'oublie pas d'apporter le contrat signé, l'agence en a besoin avant la fin du mois.",
  "We shall be eleven for dinner, perhaps twelve. Could you bring the long table?",
];

/** Ordinary correspondence: two or three paragraphs in English or French, UTF-8 sent as 8bit. */
function letter(serial: number): string {
  const subject = subjects[serial % subjects.length] ?? "";
  const encoded = /^[\x20-\x7e]*$/.test(subject) ? subject : `=?UTF-8?B?${Buffer.from(subject).toString("base64")}?=`;
  const body = Array.from(
    { length: 2 + (serial % 2) },
    (_, index) => paragraphs[(serial + index * 2) % paragraphs.length],
  );
  return crlf([
    `Date: ${headerDate(dateOf(100 + serial * 7))}`,
    "From: Charles Babbage <charles@example.net>",
    "To: Ada Lovelace <ada@example.org>",
    `Message-ID: <letter-${serial}@example.net>`,
    `Subject: ${encoded}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    "Ada,",
    "",
    ...body.flatMap((paragraph) => [paragraph ?? "", ""]),
    "Charles",
  ]);
}

function trickyMessages(): Buffer[] {
  const twin = Buffer.from(crlf([...head("twin", "Sent twice by mistake"), "The same message is here two times."]));
  return [
    dotLines(),
    latin1(),
    fromLines(),
    attachment(),
    twin,
    Buffer.from(twin),
    Buffer.from(`${crlf(head("unfinished", "No line end at the end"))}The last line just stops`),
    Buffer.from(`${crlf(head("line-ends", "Line ends of three kinds"))}CRLF\r\nbare LF\nbare CR\rCRLF\r\n`),
    Buffer.from(crlf([...head("long-line", "One very long line"), "mirabelle ".repeat(1200).trimEnd()])),
    Buffer.from(crlf([...head("headers", "Headers that archives use themselves", mboxHeaders), "Kept as they are."])),
  ];
}

const mboxHeaders = ["Status: RO", "X-Status: A", "X-UID: 4711", "Content-Length: 3", "Lines: 1"];

function head(id: string, subject: string, more: readonly string[] = []): string[] {
  return [
    `Date: ${headerDate(dateOf(0))}`,
    "From: Charles Babbage <charles@example.net>",
    "To: Ada Lovelace <ada@example.org>",
    `Message-ID: <${id}@example.net>`,
    `Subject: ${subject}`,
    ...more,
    "",
  ];
}

/** POP3 doubles a dot that begins a line and ends a message with a line of one dot. */
function dotLines(): Buffer {
  return Buffer.from(
    crlf([...head("dots", "Lines that begin with a dot"), ".", "..", ".hidden", "", ".", "After the dots.", "."]),
  );
}

/** Octets that are no UTF-8. */
function latin1(): Buffer {
  const text = crlf([
    ...head("latin1", "Texte en latin-1", ["MIME-Version: 1.0", "Content-Type: text/plain; charset=iso-8859-1"]),
    "Ça coûte 12 francs de moins qu'à Noël : « déjà vu ».",
  ]);
  return Buffer.from(text, "latin1");
}

/** mbox takes a line that begins with `From ` for the start of the next message. */
function fromLines(): Buffer {
  return Buffer.from(
    crlf([
      ...head("from", "Lines that begin with From"),
      "From the beginning, the engine was meant to print its own tables.",
      ">From here on the text is quoted.",
      ">>From there, quoted twice.",
      "From charles@example.net Mon Jan  5 09:00:00 2026",
      "",
      "From ",
    ]),
  );
}

/** A text and 24 KiB of binary data in base64. */
function attachment(): Buffer {
  const data = Buffer.from(Array.from({ length: 24 * 1024 }, (_, index) => (index * index + (index >> 5)) & 0xff));
  const lines = data.toString("base64").match(/.{1,76}/g) ?? [];
  const type = ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="=_engine"'];
  return Buffer.from(
    crlf([
      ...head("plans", "The plans", type),
      "--=_engine",
      "Content-Type: text/plain; charset=us-ascii",
      "",
      "The plans are attached.",
      "--=_engine",
      'Content-Type: application/octet-stream; name="plans.bin"',
      "Content-Transfer-Encoding: base64",
      'Content-Disposition: attachment; filename="plans.bin"',
      "",
      ...lines,
      "--=_engine--",
    ]),
  );
}
