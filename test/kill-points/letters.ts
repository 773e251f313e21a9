// The few letters that the kill points are about: each way in which a message is stored is among them.

const head = (subject: string) =>
  `From: ada@example.org\r\nMessage-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\n`;

/** Of the same octets as `twin`. */
const plain = `${head("plain")}From here\r\n>From there\r\n`;

const texts = {
  plain,
  twin: plain,
  "no end": `${head("no end")}no end`,
  long: `${head("long")}${"a line of some length, to be torn in the middle\r\n".repeat(150)}`,
  "bare LF": `${head("bare LF")}one\ntwo\r\n`,
  NUL: `${head("NUL")}one\0two\r\n`,
  other: `${head("other")}other\r\n`,
  late: `${head("late")}late\r\n`,
  later: `${head("later")}later\r\n`,
};
export type Letter = keyof typeof texts;

export function letter(name: Letter): Buffer {
  return Buffer.from(texts[name], "latin1");
}

/** Which letters lie in which mailbox, at first. */
export const atFirst: Readonly<Record<string, readonly Letter[]>> = {
  INBOX: ["plain", "no end", "long", "twin", "NUL", "bare LF"],
  Sent: ["other", "plain"],
};
/** What comes to them before the second run; one of the mailboxes is new. */
export const inBetween: Readonly<Record<string, readonly Letter[]>> = {
  INBOX: ["late", "plain"],
  Drafts: ["later", "twin"],
};
