import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWhole, Responses } from "../../src/protocol/imap-fetch-framing.ts";

interface Given {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly octets: string;
}

const rowOf = ({ uid, flags, octets }: Given) =>
  `* ${uid} FETCH (UID ${uid} FLAGS (${flags.join(" ")}) BODY[] {${octets.length}}\r\n${octets})\r\n`;

/** What is read of the octets when they come in chunks that end at these places. */
function read(octets: Buffer, cuts: readonly number[]): { rows: Given[]; texts: string[] } {
  const responses = new Responses();
  const rows: Given[] = [];
  const texts: string[] = [];
  const take = () => {
    for (let response = responses.next(); response !== undefined; response = responses.next()) {
      const row = parseWhole(response);
      if (row === undefined) texts.push(response.text);
      else rows.push({ uid: row.uid, flags: row.flags, octets: row.octets.toString("latin1") });
    }
  };
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % (octets.length + 1)).sort((a, b) => a - b), octets.length]) {
    responses.push(Buffer.from(octets.subarray(from, to)));
    from = to;
    take();
  }
  expect(responses.waiting).toBe(0);
  return { rows, texts };
}

describe("rows of whole messages", () => {
  const message = fc.record({
    uid: fc.integer({ min: 1, max: 0xffff_ffff }),
    flags: fc.subarray(["\\Seen", "\\Flagged", "$Junk", "proj"]),
    octets: fc
      .array(fc.constantFrom("a", "\r\n", "\n", "\r", ")", "{3}\r\n", "* OK\r\n", "\0", "\xff", "A1 OK\r\n"), {
        minLength: 1,
        maxLength: 40,
      })
      .map((pieces) => pieces.join("")),
  });

  test("are read to the octet, wherever their chunks are cut and whatever the messages look like", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 12 }), (messages, cuts) => {
        const octets = Buffer.from(`${messages.map(rowOf).join("")}F1 OK done\r\n`, "latin1");
        expect(read(octets, cuts)).toEqual({ rows: messages, texts: ["F1 OK done"] });
      }),
      { numRuns: 500 },
    );
  });

  test("are read cut at every octet", () => {
    const given = { uid: 7, flags: ["\\Seen"], octets: "Subject: x\r\n\r\n{5}\r\n)\r\n" };
    const octets = Buffer.from(rowOf(given), "latin1");
    const every = Array.from(octets.keys());
    expect(read(octets, every)).toEqual({ rows: [given], texts: [] });
  });

  test("have their items in any order, and mod-sequences besides", () => {
    const octets = Buffer.from("* 1 FETCH (BODY[] {2}\r\nhi MODSEQ (12) FLAGS () UID 9)\r\n");
    expect(read(octets, [])).toEqual({ rows: [{ uid: 9, flags: [], octets: "hi" }], texts: [] });
  });

  test.each([
    ["NIL", "* 1 FETCH (UID 1 FLAGS () BODY[] NIL)\r\n"],
    ["a quoted string", '* 1 FETCH (UID 1 FLAGS () BODY[] "hi")\r\n'],
    ["no octets", "* 1 FETCH (UID 1 FLAGS () BODY[] {0}\r\n)\r\n"],
    ["no UID", "* 1 FETCH (FLAGS () BODY[] {2}\r\nhi)\r\n"],
    ["two UIDs", "* 1 FETCH (UID 1 UID 2 FLAGS () BODY[] {2}\r\nhi)\r\n"],
    ["two bodies", "* 1 FETCH (UID 1 FLAGS () BODY[] {2}\r\nhi BODY[] {2}\r\nho)\r\n"],
    ["a part", "* 1 FETCH (UID 1 FLAGS () BODY[]<0> {2}\r\nhi)\r\n"],
    ["flags in flags", "* 1 FETCH (UID 1 FLAGS ((a)) BODY[] {2}\r\nhi)\r\n"],
    ["a NUL where the literal is named", "* 1 FETCH (UID 1 FLAGS () BODY[] \0)\r\n"],
    ["something else", "* 1 FETCH (UID 1 ENVELOPE (1) FLAGS () BODY[] {2}\r\nhi)\r\n"],
  ])("with %s are left to those who ask again", (_, text) => {
    expect(read(Buffer.from(text), [])).toMatchObject({ rows: [], texts: [expect.any(String)] });
  });
});

describe("what a server may not send", () => {
  const whole = (text: string) => () => {
    const responses = new Responses();
    responses.push(Buffer.from(text));
    while (responses.next() !== undefined);
  };

  test.each([
    ["a literal of 4 GB", "* 1 FETCH (BODY[] {4294967295}\r\n", "LiteralTooLarge"],
    ["a literal of many digits", "* 1 FETCH (BODY[] {99999999999999999999}\r\n", "LiteralTooLarge"],
    ["a line without end", "x".repeat(70_000), "LineTooLarge"],
    ["text without end between literals", "{1}\r\nx".repeat(70_000), "LineTooLarge"],
  ])("%s is an error", (_, text, code) => {
    expect(whole(text)).toThrow(expect.objectContaining({ code }));
  });

  test("literals that are too large are read past, up to so many octets", () => {
    const responses = new Responses({ largest: 10, mostSkipped: 50 });
    const row = (size: number) => Buffer.from(`* 1 FETCH (UID 1 FLAGS () BODY[] {${size}}\r\n${"x".repeat(size)})\r\n`);
    for (const size of [12, 10, 30]) responses.push(row(size));
    const found = [responses.next(), responses.next(), responses.next()];
    expect(found.map((each) => each?.literal?.length)).toEqual([undefined, 10, undefined]);
    expect(found.map((each) => each && parseWhole(each)?.uid)).toEqual([undefined, 1, undefined]);
    responses.push(row(12));
    expect(() => responses.next()).toThrow(expect.objectContaining({ code: "LiteralTooLarge" }));
  });
});
