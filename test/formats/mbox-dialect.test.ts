import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOutMbox, type MboxDialect, type MboxLayout } from "../../src/formats/mbox-dialect.ts";
import { readEntry, type SurveyedEntry, surveyEntries } from "../../src/formats/mbox-entry.ts";
import { flagsOf, parseStateHeaders, withoutStateHeaders } from "../../src/formats/mbox-headers.ts";
import { type MarkedMbox, MboxMarker } from "../../src/formats/mbox-marks.ts";
import { parseFromLine } from "../../src/formats/mboxrd.ts";
import { chunksOf, collect } from "../support/chunks.ts";
import { corpusMessages } from "../support/corpus.ts";
import { fromLine, writeMboxcl, writeMboxcl2, writeMboxo, writeMboxrd } from "../support/mbox-writers.ts";
import { tortureMessages } from "../support/torture.ts";

function mark(file: Uint8Array, chunkSize = 65_536): MarkedMbox {
  const marker = new MboxMarker();
  for (const chunk of chunksOf(file, chunkSize)) marker.push(chunk);
  return marker.end();
}

interface ReadMbox extends MboxLayout {
  readonly messages: readonly Buffer[];
  readonly surveys: readonly SurveyedEntry[];
}

async function* stream(octets: Uint8Array, chunkSize: number): AsyncGenerator<Uint8Array> {
  yield* chunksOf(octets, chunkSize);
}

async function read(file: Uint8Array, chunkSize = 65_536): Promise<ReadMbox> {
  const layout = layOutMbox(mark(file, chunkSize));
  const messages: Buffer[] = [];
  const surveys: SurveyedEntry[] = [];
  for await (const { entry, survey } of surveyEntries(stream(file, chunkSize), layout.entries)) {
    const { offset, length } = entry.body;
    const body = stream(file.subarray(offset, offset + length), chunkSize);
    const message = await collect(readEntry(body, entry, survey, () => new Error("changed")));
    expect(message).toHaveLength(survey.size);
    messages.push(message);
    surveys.push(survey);
  }
  expect(messages).toHaveLength(layout.entries.length);
  return { ...layout, messages, surveys };
}

async function readText(text: string, chunkSize?: number): Promise<{ dialect: MboxDialect; texts: string[] }> {
  const { dialect, messages } = await read(Buffer.from(text, "latin1"), chunkSize);
  return { dialect, texts: messages.map((message) => message.toString("latin1")) };
}

const dated = "From ada@example.org Thu Jan  1 12:00:00 2026";

/** What quoting and splitting look at, in lines. */
const line = fc.constantFrom(
  "",
  "",
  "x",
  "Subject: x",
  "From here",
  "From ",
  dated,
  ">From here",
  `>${dated}`,
  ">>From here",
  ">",
  "From: x",
);
const message = fc
  .record({
    head: fc.constantFrom("Subject: a", "To: b\r\nCc: c", "Status: RO"),
    body: fc.array(line, { maxLength: 12 }),
  })
  .map(({ head, body }) => Buffer.from([head, "", ...body].map((each) => `${each}\r\n`).join("")));
const messages = fc.array(message, { minLength: 1, maxLength: 6 });
const chunkSize = fc.integer({ min: 1, max: 40 });

describe("a foreign mbox", () => {
  describe("written as mboxrd", () => {
    test("gives back every message of the corpus", async () => {
      const originals = [...corpusMessages(), ...tortureMessages()];
      const written = writeMboxrd(originals.map(({ bytes }) => bytes));
      const found = await read(written.file);
      expect(found.dialect).toBe("mboxrd");
      expect(found.entries.some(({ isDoubtful }) => isDoubtful)).toBe(false);
      expect(found.messages).toHaveLength(originals.length);
      for (const [n, { name, bytes }] of originals.entries()) {
        const message = found.messages[n] ?? expect.fail(`${name} is missing`);
        expect(message.equals(written.messages[n] ?? bytes), name).toBe(true);
        // A file in this format can't tell of bare LF, of CR before CRLF, or of a last line without an end.
        const isPlain =
          /^(?:[^\r\n]|\r(?![\r\n])|\r\n)*$/.test(bytes.toString("latin1")) &&
          /(?:^|\n)$/.test(bytes.toString("latin1"));
        if (isPlain) expect(message.equals(bytes), name).toBe(true);
      }
    });

    test("gives back any messages, whatever pieces the file comes in", async () => {
      await fc.assert(
        fc.asyncProperty(messages, chunkSize, async (originals, size) => {
          const found = await read(writeMboxrd(originals).file, size);
          expect(found.messages.map(String)).toEqual(originals.map(String));
        }),
        { seed: 11, numRuns: 600 },
      );
    });
  });

  describe("written as mboxcl2", () => {
    test("gives back every message of the corpus, unended last lines too", async () => {
      const originals = [...corpusMessages(), ...tortureMessages()];
      const written = writeMboxcl2(originals.map(({ bytes }) => bytes));
      const found = await read(written.file);
      expect(found.dialect).toBe("mboxcl2");
      expect(found.messages).toHaveLength(originals.length);
      for (const [n, { name }] of originals.entries()) {
        expect(found.messages[n]?.toString("latin1"), name).toBe(written.messages[n]?.toString("latin1"));
      }
    });

    test("gives back any messages, with whole entries in them", async () => {
      const giveaway = Buffer.from(
        `Subject: entry\r\n\r\n${dated}\r\nSubject: inner\r\n\r\n${dated}\r\n\r\nFrom here\r\n`,
      );
      await fc.assert(
        fc.asyncProperty(messages, chunkSize, async (others, size) => {
          const written = writeMboxcl2([...others, giveaway]);
          const found = await read(written.file, size);
          expect(found.dialect).toBe("mboxcl2");
          expect(found.messages.map(String)).toEqual(written.messages.map(String));
        }),
        { seed: 12, numRuns: 600 },
      );
    });

    test("may have CRLF everywhere", async () => {
      const text = (body: string) => `${dated}\r\nContent-Length: ${body.length}\r\n\r\n${body}\r\n\r\n`;
      const ended = text("From x\r\n").replace(/\r\n$/, "");
      const { dialect, texts } = await readText(text("one") + ended + text("last"), 3);
      expect(dialect).toBe("mboxcl2");
      expect(texts.map((each) => each.replace(/^.*?\r\n\r\n/s, ""))).toEqual(["one", "From x\r\n", "last"]);
    });

    test("by Dovecot keeps each >, though no line shows that nothing was quoted", async () => {
      const text = `${dated}\nX-UID: 1\nContent-Length: 19\n\n>From me\n>>From me\n\n`;
      const { dialect, texts } = await readText(text);
      expect(dialect).toBe("mboxcl2");
      expect(texts).toEqual(["X-UID: 1\r\nContent-Length: 19\r\n\r\n>From me\r\n>>From me\r\n"]);
    });

    test("may end with or without an empty line", async () => {
      const text = `${dated}\nContent-Length: 5\n\nbody\n\n${dated}\nContent-Length: 4\n\nbody`;
      for (const end of ["", "\n", "\n\n"]) {
        const { dialect, texts } = await readText(text + end);
        expect(dialect).toBe("mboxcl2");
        expect(texts.map((each) => each.replace(/^.*\r\n\r\n/s, ""))).toEqual(["body\r\n", "body"]);
      }
    });
  });

  test("written as mboxcl is unquoted, and doubtful", async () => {
    const written = writeMboxcl([
      Buffer.from("Subject: a\r\n\r\nFrom here\r\n"),
      Buffer.from("Subject: b\r\n\r\nx\r\n"),
    ]);
    const found = await read(written.file);
    expect(found.dialect).toBe("mboxcl");
    expect(found.messages.map(String)).toEqual(written.messages.map(String));
    expect(found.entries.map(({ isDoubtful }) => isDoubtful)).toEqual([true, true]);
    expect(found.surveys.map(({ quotedLines }) => quotedLines)).toEqual([1, 0]);
  });

  describe("written as mboxo", () => {
    test("gives back any message but for lines that began with >From, and tells which messages have some", async () => {
      await fc.assert(
        fc.asyncProperty(messages, chunkSize, async (all, size) => {
          const originals = all.filter((each) => !/(?<=\n)>>From /.test(each.toString()));
          const found = await read(writeMboxo(originals).file, size);
          expect(["plain", "mboxo"]).toContain(found.dialect);
          expect(found.messages).toHaveLength(originals.length);
          for (const [n, original] of originals.entries()) {
            expect(String(found.messages[n])).toBe(original.toString().replace(/(?<=\n)>(?=From )/g, ""));
            const changed = found.messages[n]?.equals(original) === false;
            if (changed) expect(found.surveys[n]?.quotedLines).toBeGreaterThan(0);
            if (changed) expect(found.entries[n]?.isDoubtful).toBe(true);
          }
        }),
        { seed: 13, numRuns: 600 },
      );
    });

    test("is plain where nothing was to be quoted", async () => {
      const { dialect, texts } = await readText(`${dated}\nSubject: a\n\n> From x\nFrom: y\n\n`);
      expect({ dialect, texts }).toEqual({ dialect: "plain", texts: ["Subject: a\r\n\r\n> From x\r\nFrom: y\r\n"] });
    });
  });

  test("with lines that nobody quoted is not unquoted: its writer does not quote", async () => {
    const text = `${dated}\nSubject: a\n\n>From x\n>>From y\n\n${dated}\nSubject: b\n\nFrom here on\n\n`;
    const found = await read(Buffer.from(text));
    expect(found.dialect).toBe("unquoted");
    expect(found.messages.map(String)).toEqual([
      "Subject: a\r\n\r\n>From x\r\n>>From y\r\n",
      "Subject: b\r\n\r\nFrom here on\r\n",
    ]);
    expect(found.surveys.map(({ quotedLines }) => quotedLines)).toEqual([2, 0]);
    expect(found.entries[0]?.isDoubtful).toBe(true);
  });

  test("of today's Thunderbird, which writes no more than From_ and quotes as mboxrd does", async () => {
    const text = [
      "From - Mon Jan 05 08:00:00 2026\r\nX-Mozilla-Status: 0001\r\nSubject: old\r\n\r\nFrom here\r\n>From there\r\n\r\n",
      "From \r\nX-Mozilla-Status: 0000\r\nSubject: new\r\n\r\n>From here\r\n>>From there\r\n\r\n",
      "From - \r\nReceived: from x\r\n\tby y\r\n\r\nFrom \r\nno header\r\n\r\n",
    ].join("");
    const found = await read(Buffer.from(text));
    expect(found.messages.map((each) => String(each).replace(/^.*?\r\n\r\n/s, ""))).toEqual([
      "From here\r\n>From there\r\n",
      "From here\r\n>From there\r\n",
      "From \r\nno header\r\n",
    ]);
    expect(found.entries.map(({ isDoubtful }) => isDoubtful)).toEqual([true, false, false]);
    expect(found.entries.map(({ date }) => date?.toISOString())).toEqual([
      "2026-01-05T08:00:00.000Z",
      undefined,
      undefined,
    ]);
  });

  test("of Dovecot: the length decides, and > stays, since Dovecot quotes nothing", async () => {
    const text = [
      "From user1@vm  Tue Nov 24 12:04:30 2026\nSubject: a\nX-IMAPbase: 1795521870 0000000003 proj\nX-UID: 1\nStatus: R\nContent-Length: 5\n\nbody\n\n",
      `From user1@vm  Tue Nov 24 12:04:30 2026\nSubject: b\nX-UID: 2\nStatus: \nContent-Length: 57\n\n${dated}\n\n>From me\n\n\n\n`,
      "From user1@vm  Tue Nov 24 12:04:30 2026\nSubject: c\nX-UID: 3\nStatus: \nContent-Length: 1\n\n\n\n",
      "From user1@vm  Tue Nov 24 12:04:30 2026\nSubject: d\nX-UID: 4\nStatus: \nContent-Length: 0\n\n\n",
    ].join("");
    const found = await read(Buffer.from(text));
    expect(found.dialect).toBe("mboxcl2");
    expect(found.messages.map((each) => String(each).replace(/^.*?\r\n\r\n/s, ""))).toEqual([
      "body\r\n",
      `${dated}\r\n\r\n>From me\r\n\r\n`,
      "\r\n",
      "",
    ]);
    expect(found.entries.some(({ isDoubtful }) => isDoubtful)).toBe(false);
  });
});

describe("a From_ line", () => {
  test("has a date and an empty line before it; what has only one of them does not split", async () => {
    const body = `From here\n\nFrom there\n\nFrom: x\nx\n${dated}\ny\n\n From z Thu Jan  1 12:00:00 2026\n`;
    const text = `${dated}\nSubject: a\n\n${body}\n${dated}\nSubject: b\n\n\n`;
    for (const size of [1, 2, 3, 1000]) {
      const { texts } = await readText(text, size);
      expect(texts).toEqual([`Subject: a\n\n${body}`.replaceAll("\n", "\r\n"), "Subject: b\r\n\r\n"]);
    }
  });

  test("is read as Python, Dovecot, mutt, Thunderbird, sendmail and Gmail write it", async () => {
    const lines = [
      "From MAILER-DAEMON Thu Jan  1 12:00:00 2026",
      "From user1@vm  Thu Jan  1 12:00:00 2026",
      "From - Thu Jan 01 12:00:00 2026",
      "From 1654321234567890123@xxx Thu Jan 01 12:00:00 +0000 2026",
      "From ada@example.org Thu Jan  1 14:00:00 2026 +0200",
      "From ada Thu Jan  1 12:00 GMT 2026",
      "From ada Thu Jan  1 12:00:00 MET DST 2026",
      "From ada Thu Jan  1 07:00:00 EST 2026",
      "From ada Thu Jan  1 05:00:00 2026 PDT",
      "From ada Thu Jan  1 12:00:00 2026 remote from vax",
      'From "ada lovelace"@example.org Thu Jan  1 12:00:00 2026 ',
    ];
    for (const end of ["\n", "\r\n"]) {
      const text = lines.map((each, n) => `${each}${end}Subject: ${n}${end}${end}x${end}${end}`).join("");
      const { entries, messages: found } = await read(Buffer.from(text), 7);
      expect(found.map(String)).toEqual(lines.map((_, n) => `Subject: ${n}\r\n\r\nx\r\n`));
      expect(new Set(entries.map(({ date }) => date?.toISOString()))).toEqual(new Set(["2026-01-01T12:00:00.000Z"]));
    }
    expect(lines.every((each) => parseFromLine(each) !== undefined)).toBe(true);
  });

  test("needs no date in a file without dates, but a header after it", async () => {
    const text =
      "From ada\nSubject: a\n\nFrom here on\nthis is text\n\nFrom bob\nSubject: b\nTo: c\n\nx\n\nFrom c\nTo: d\n\n";
    const { texts } = await readText(text, 5);
    expect(texts).toEqual([
      "Subject: a\r\n\r\nFrom here on\r\nthis is text\r\n",
      "Subject: b\r\nTo: c\r\n\r\nx\r\n",
      "To: d\r\n",
    ]);
  });

  test("without a date begins the file all the same, and is not looked for elsewhere", async () => {
    const text = `From nobody\nSubject: a\n\nx\n\n${dated}\nSubject: b\n\ny\n\n${dated}\nSubject: c\n\nFrom z\nTo: d\n\n`;
    expect((await readText(text)).texts).toHaveLength(3);
  });

  test("is found wherever a reading with regular expressions finds one, in any pieces", async () => {
    const piece = fc.constantFrom(
      "\n",
      "\n",
      "\n\n",
      "\r\n",
      "\r\n\r\n",
      ">",
      ">".repeat(20),
      "From ",
      dated,
      fromLine,
      "x",
      "A: b\n",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), chunkSize, async (pieces, size) => {
        const text = `${fromLine}${pieces.join("")}`;
        const file = Buffer.from(text);
        const marked = mark(file, size);
        expect(marked).toEqual(mark(file, file.length));
        const offsets = [...text.matchAll(/(?<=^|\n\n|\n\r\n)From /g)].map(({ index }) => index);
        expect(marked.marks.map(({ offset }) => offset)).toEqual(offsets);
        const counts = [...text.matchAll(/(?<=^|\n)(>*)From /g)].map((found) => found[1]?.length ?? 0);
        expect(marked.quotedOnce).toBe(counts.filter((count) => count === 1).length);
        expect(marked.quotedMore).toBe(counts.filter((count) => count > 1).length);
        expect(marked.unmarked).toBe(counts.filter((count) => count === 0).length - offsets.length);
        expect(marked.size).toBe(text.length);
        const starts = [...text.matchAll(/(?<=^|\n\n|\n\r\n)From [^\n]*(?=\n|$)/g)]
          .filter(
            ({ 0: each, index }) =>
              index === 0 || parseFromLine(each.replace(/\r$/, "")) !== undefined || /^From \r?$/.test(each),
          )
          .map(({ index }) => index);
        const layout = layOutMbox(marked);
        for (const { offset } of layout.entries) expect(starts).toContain(offset);
        // Each octet is of one entry, of a From_ line or of an empty line.
        let at = 0;
        for (const { offset, body } of layout.entries) {
          expect(text.slice(at, offset)).toMatch(/^(?:\r?\n)?$/);
          expect(text.slice(offset, body.offset)).toMatch(/^From [^\n]*\n?$/);
          at = body.offset + body.length;
        }
        expect(text.slice(at)).toMatch(/^(?:\r?\n)?$/);
      }),
      { seed: 14, numRuns: 2000 },
    );
  });

  test("is nowhere in a file that does not begin with one", async () => {
    for (const text of ["", "F", "\nFrom a Thu Jan  1 12:00:00 2026\n", `Subject: x\n\n${dated}\n`, `>${dated}\n`]) {
      expect(layOutMbox(mark(Buffer.from(text))).entries, text).toEqual([]);
    }
  });
});

describe("line ends", () => {
  test("become CRLF where all are LF; a CRLF file stays, and so does a mixed message", async () => {
    const crlf = `${dated}\r\nSubject: a\r\n\r\nx\r\n\r\n${dated}\r\nSubject: b\r\n\r\nno end`;
    expect((await readText(crlf, 3)).texts).toEqual(["Subject: a\r\n\r\nx\r\n", "Subject: b\r\n\r\nno end"]);
    const mixed = `${dated}\nSubject: a\n\nx\r\ny\n\n${dated}\nSubject: b\n\nlone \r here\n`;
    expect((await readText(mixed, 3)).texts).toEqual(["Subject: a\n\nx\r\ny\n", "Subject: b\r\n\r\nlone \r here\r\n"]);
  });

  test("at the end belong to the message, but for one empty line", async () => {
    const { texts } = await readText(`${dated}\nA: b\n\nx\n\n\n\n${dated}\nA: b\n\nx\n\n\n`);
    expect(texts).toEqual(["A: b\r\n\r\nx\r\n\r\n\r\n", "A: b\r\n\r\nx\r\n\r\n"]);
    expect((await readText(`${dated}\n\n${dated}\n`)).texts).toEqual(["", ""]);
    expect((await readText(`${dated}`)).texts).toEqual([""]);
  });
});

describe("a hostile file", () => {
  test("with lengths that can't be right is split by its lines", async () => {
    for (const length of ["-5", "99999999999999999999", "999999999999999", "3", "0x10", "1e9", "", "5 5", "NaN"]) {
      const text = `${dated}\nContent-Length: ${length}\n\nbody\n\n${dated}\nContent-Length: ${length}\n\nmore\n\n`;
      const { dialect, texts } = await readText(text);
      expect(dialect).toBe("plain");
      expect(texts.map((each) => each.replace(/^.*\r\n\r\n/s, ""))).toEqual(["body\r\n", "more\r\n"]);
    }
  });

  test("may lie about one length in ten: that message alone is split by its lines", async () => {
    const good = `${dated}\nContent-Length: 18\n\nFrom \n\nFrom here\nx\n\n`;
    const bad = `${dated}\nContent-Length: 4000\n\nbody\n\n`;
    const { dialect, texts } = await readText(good.repeat(5) + bad + good.repeat(5));
    expect(dialect).toBe("mboxcl2");
    expect(texts).toHaveLength(11);
    expect(texts[5]).toMatch(/\r\nbody\r\n$/);
  });

  test("is read in linear time: long lines, rows of >, headers without end, From_ lines and nothing else", () => {
    const size = 1 << 22;
    const files = [
      `${dated}\n${"x".repeat(size)}`,
      `${dated}\nA: b\n\n${">".repeat(size)}From here\n`,
      `${dated}\n${">".repeat(size)}From here\n`,
      `${dated}\n${"A: b\n".repeat(size / 5)}`,
      `${dated}\n${"From ".repeat(size / 5)}`,
      `${dated}\n${`\n${dated}\n`.repeat(size / 50)}`,
      `${dated}\n${"\n\nFrom ".repeat(size / 7)}`,
      `From ${"x".repeat(size)}\n\nx`,
      `${dated}\n${"Content-Length: 1\n\n\nFrom \n".repeat(size / 30)}`,
    ];
    for (const text of files) layOutMbox(mark(Buffer.from(text)));
    for (const text of files.slice(0, 4)) layOutMbox(mark(Buffer.from(text.slice(0, size / 8)), 16));
    expect(mark(Buffer.from(files[2] ?? ""), 1000)).toMatchObject({ quotedMore: 1, unmarked: 0 });
  });
});

describe("what mail readers note in a header", () => {
  const flags = (head: string, listed: readonly string[] = []) => flagsOf(parseStateHeaders(Buffer.from(head)), listed);

  test("Status, X-Status and X-Mozilla-Status are flags", () => {
    expect(flags("Status: RO\nX-Status: AFDT\n\n")).toEqual([
      "\\Answered",
      "\\Deleted",
      "\\Draft",
      "\\Flagged",
      "\\Seen",
    ]);
    expect(flags("Status: O\r\nX-Status: \r\n")).toEqual([]);
    expect(flags("X-Mozilla-Status: 000f\nX-Mozilla-Status2: 00000000\n")).toEqual([
      "\\Answered",
      "\\Deleted",
      "\\Flagged",
      "\\Seen",
    ]);
    expect(flags("X-Mozilla-Status: 1001\nX-Mozilla-Status: 0008\n")).toEqual(["$Forwarded", "\\Seen"]);
    expect(flags("X-Mozilla-Status: zz\nNot-Status: R\n Status: R\nSubject: x\n Status: R\n")).toEqual([]);
    expect(flags("status : R\nX-STATUS:F\n")).toEqual(["\\Flagged", "\\Seen"]);
  });

  test("X-Keywords count where the first message lists them, X-Mozilla-Keys always, and only as keywords", () => {
    const head = "X-Keywords: $Junk proj\n other      \nX-Mozilla-Keys: $label1 NonJunk      \n";
    expect(flags(head, ["$junk", "proj"])).toEqual(["$Junk", "$label1", "NonJunk", "proj"]);
    expect(flags(head)).toEqual(["$label1", "NonJunk"]);
    expect(flags("X-Mozilla-Keys: \\Seen a(b c* \x01 ok caf\u00e9 __proto__\n")).toEqual(["__proto__", "ok"]);
    expect(
      flags(`X-Mozilla-Keys: ${"k ".repeat(10)}${Array.from({ length: 5000 }, (_, n) => `k${n}`).join(" ")}\n`).length,
    ).toBeLessThan(101);
    expect(parseStateHeaders(Buffer.from("X-IMAPbase: 1700000000 0000000007 $Junk proj\n")).listed).toEqual([
      "$Junk",
      "proj",
    ]);
  });

  test("a note of the mail program to itself is one only with both its marks", () => {
    const subject = "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n";
    expect(parseStateHeaders(Buffer.from(`${subject}X-IMAP: 1700000000 0000000007\n`)).isFolderData).toBe(true);
    expect(parseStateHeaders(Buffer.from(subject)).isFolderData).toBe(false);
    expect(parseStateHeaders(Buffer.from("Subject: x\nX-IMAP: 1 1\n")).isFolderData).toBe(false);
  });

  test("the header without the notes is the same whatever they say", () => {
    const head = (status: string) =>
      Buffer.from(`Subject: a\n${status}To: b\nX-Mozilla-Keys: ${status.length}\n x\n\n`);
    expect(withoutStateHeaders(head("Status: RO\n")).toString()).toBe("Subject: a\nTo: b\n\n");
    expect(withoutStateHeaders(head("X-Status: F\r\nX-UID: 4\n")).toString()).toBe("Subject: a\nTo: b\n\n");
  });
});
