// Messages that mail software gets wrong, each by its name.
import type { NamedMessage } from "./corpus.ts";

const header = "From: ada@example.org\r\nSubject: torture\r\n\r\n";

const texts: Record<string, string> = {
  empty: "",
  "one letter": "x",
  "only CRLF": "\r\n",
  "only two CRLF": "\r\n\r\n",
  "only LF": "\n",
  "only two LF": "\n\n",
  "only CR": "\r",
  "only CR CR LF": "\r\r\n",
  "only NUL": "\0",
  "plain message": `${header}body\r\n`,
  "no final newline": `${header}body`,
  "header only": "From: ada@example.org\r\nSubject: no body\r\n",
  "header only, no final newline": "From: ada@example.org\r\nSubject: no body",
  "body only": "\r\nbody without a header\r\n",
  "ends with CR": `${header}body\r`,
  "ends with CR CR LF": `${header}body\r\r\n`,
  "ends with LF CR": `${header}body\n\r`,
  "ends with several empty lines": `${header}body\r\n\r\n\r\n\r\n`,
  "ends with a bare LF": `${header}body\n`,
  "only bare LF": `${header}body\r\nline\r\n`.replaceAll("\r\n", "\n"),
  "only bare LF, no final newline": `${header}body`.replaceAll("\r\n", "\n"),
  "one bare LF among CRLF": `${header}one\ntwo\r\n`,
  "lone CR": `${header}one\rtwo\r\n`,
  "lone CR before a bare LF line": `${header}one\rtwo\nthree\r\n`,
  "CR CR LF": `${header}one\r\r\ntwo\r\r\r\nthree\r\n`,
  "CR CR LF CR LF and bare LF": "a: b\r\r\n\r\n\n\r\n",
  NUL: `${header}one\0two\r\n\0\r\n`,
  "only From_": "From ",
  "only From_ and LF": "From \n",
  "only From_ and CRLF": "From \r\n",
  "first line is a From_ line": `From ada@example.org Thu Jan  1 00:00:00 2026\r\n${header}body\r\n`,
  "first line is a quoted From_ line": `>From ada@example.org Thu Jan  1 00:00:00 2026\r\n${header}body\r\n`,
  "From_ lines of every depth": `${header}From here\r\n>From here\r\n>>From here\r\n>>>>>>>>From here\r\nFrom \r\n>From \r\n`,
  "From_ lines after an empty line": `${header}\r\nFrom me Thu Jan  1 00:00:00 2026\r\n\r\n>From me Thu Jan  1 00:00:00 2026\r\n`,
  "From_ lines, bare LF": `${header}From here\n>From here\n>>From here\n`,
  "no From_ lines": `${header}From: x\r\nFromage\r\n From here\r\n> From here\r\n>>\r\n>Fro\r\nfrom here\r\nFROM here\r\nFrom\r\n`,
  "From_ behind a lone CR": `${header}one\rFrom here\r>From here\r\n`,
  "From_ at the end": `${header}body\r\nFrom `,
  "quoted From_ at the end": `${header}body\r\n>>From `,
  "beginning of From_ at the end": `${header}body\r\n>>Fro`,
  "quotes at the end": `${header}body\r\n>>>`,
  "quotes and a newline at the end": `${header}body\r\n>>>\r\n`,
  "From_ within From_": `${header}From From From \r\n>From >From From \r\nFroFrom \r\n>FroFrom \r\n`,
  "dot lines": `${header}.\r\n..\r\n...\r\n.hidden\r\n.`,
  "headers that carry state": `Status: RO\r\nX-Status: AF\r\nX-UID: 7\r\nX-IMAPbase: 1700000000 7 proj\r\nX-Keywords: proj\r\nContent-Length: 3\r\n${header}body\r\n`,
  "lying Content-Length": `Content-Length: 5\r\n${header}12345\r\nFrom here Thu Jan  1 00:00:00 2026\r\n\r\nmore\r\n`,
  "boundary that looks like mbox": `${header}\r\n\r\nFrom MAILER-DAEMON Thu Jan  1 00:00:00 2026\r\nSubject: not a message\r\n\r\nbody\r\n\r\n`,
  "terminal escapes": "Subject: \u001b]0;owned\u0007\u001b[2J\r\n\r\n\u001b[31mred\r\n",
};

/** Generated messages, the same at every call. Two of them are alike to the octet. */
export function tortureMessages(): NamedMessage[] {
  const everyOctet = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet));
  return [
    ...Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text, "latin1") })),
    { name: "twin of the plain message", bytes: Buffer.from(`${header}body\r\n`) },
    { name: "8-bit header in Latin-1", bytes: Buffer.from("Subject: \xe9t\xe9\r\n\r\n\xe9t\xe9\r\n", "latin1") },
    { name: "8-bit header in UTF-8", bytes: Buffer.from("Subject: été 🙂\r\n\r\nété\r\n") },
    { name: "invalid UTF-8", bytes: Buffer.from("Subject: \xc3\x28\xff\xfe\xed\xa0\x80\r\n\r\n", "latin1") },
    { name: "every octet", bytes: everyOctet },
    { name: "every octet, with CRLF", bytes: Buffer.concat([Buffer.from(header), everyOctet.subarray(14), crlf]) },
    { name: "1 MB line", bytes: Buffer.from(`${header}${"x".repeat(1 << 20)}\r\n`) },
    { name: "1 MB line of quotes, then From_", bytes: Buffer.from(`${header}${">".repeat(1 << 20)}From here\r\n`) },
    { name: "1 MB line of From_", bytes: Buffer.from(`${header}${"From ".repeat(200_000)}\r\n`) },
    { name: "1 MB without a newline", bytes: Buffer.alloc(1 << 20, "y") },
    { name: "300 KB of empty lines", bytes: Buffer.from(`${header}${"\r\n".repeat(150_000)}`) },
  ];
}

const crlf = Buffer.from("\r\n");
