import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dotStuffed } from "../../src/demo/pop3-server.ts";
import { MailferryError } from "../../src/errors.ts";
import { longestLine, Pop3Framing, unstuffedLine } from "../../src/protocol/pop3-framing.ts";

const octets = (text: string): Buffer => Buffer.from(text, "latin1");

/** A reply to RETR and the status line after it, read from chunks; a status that never comes is undefined. */
function read(chunks: Iterable<Uint8Array>): { status?: string; body: Buffer; ended: boolean; next?: string } {
  const framing = new Pop3Framing("pop.example:110");
  const body: Buffer[] = [];
  let status: string | undefined;
  let next: string | undefined;
  let ended = false;
  for (const chunk of chunks) {
    framing.push(chunk);
    status ??= framing.line()?.toString("latin1");
    while (status !== undefined && !ended) {
      const piece = framing.body();
      if (piece === undefined) break;
      body.push(piece.octets);
      ended = piece.end;
    }
    if (ended) next ??= framing.line()?.toString("latin1");
  }
  return {
    ...(status === undefined ? {} : { status }),
    body: Buffer.concat(body),
    ended,
    ...(next === undefined ? {} : { next }),
  };
}

function* every(reply: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < reply.length; at += size) yield Buffer.from(reply.subarray(at, at + size));
}

const wire = (stuffed: Buffer | string): Buffer =>
  Buffer.concat([octets("+OK 1 octets\r\n"), Buffer.from(stuffed), octets("+OK next\r\n")]);

// What goes over the wire, and what it means: by hand, so that no code under test or of the demo has a say.
const bodies: readonly (readonly [name: string, stuffed: string, message: string])[] = [
  ["an ordinary message", "A: b\r\n\r\nhello\r\n.\r\n", "A: b\r\n\r\nhello\r\n"],
  ["an empty message", ".\r\n", ""],
  ["a message of one empty line", "\r\n.\r\n", "\r\n"],
  ["lines that begin with dots", "..a\r\n...\r\nb.\r\n.. c\r\n.\r\n", ".a\r\n..\r\nb.\r\n. c\r\n"],
  ["a line that is only a dot", "a\r\n..\r\n..\r\nb\r\n.\r\n", "a\r\n.\r\n.\r\nb\r\n"],
  ["NUL and 8-bit octets", "\0\xff\r\n\0.\r\n\xe9..\r\n.\r\n", "\0\xff\r\n\0.\r\n\xe9..\r\n"],
  ["a dot line after a bare LF", "a\n.\r\nb\n.\n..\n\r\n.\r\n", "a\n.\r\nb\n.\n..\n\r\n"],
  ["a dot line after a lone CR", "a\r.\r\n..\r.\r\n\r\r\n.\r\n", "a\r.\r\n.\r.\r\n\r\r\n"],
  ["a dot that was not stuffed", ".a\r\n.\rb\r\n.\n\r\n.\r\n", "a\r\n\rb\r\n\n\r\n"],
  ["dot, CR and then a terminator", ".\r\r\n.\r\r.\r\n.\r\n", "\r\r\n\r\r.\r\n"],
  ["many terminators in a row", "..\r\n...\r\n\r\n.\r\n", ".\r\n..\r\n\r\n"],
];

describe("a message read over POP3", () => {
  test.each(bodies)("%s comes out exact however the reply is cut", (_, stuffed, message) => {
    const reply = wire(octets(stuffed));
    for (let size = 1; size <= reply.length; size += 1) {
      const result = read(every(reply, size));
      expect(result.body.toString("latin1"), `chunks of ${size}`).toBe(message);
      expect(result).toMatchObject({ status: "+OK 1 octets", ended: true, next: "+OK next" });
    }
    for (let cut = 0; cut <= reply.length; cut += 1) {
      const result = read([reply.subarray(0, cut), reply.subarray(cut)]);
      expect(result.body.toString("latin1"), `cut at ${cut}`).toBe(message);
      expect(result).toMatchObject({ ended: true, next: "+OK next" });
    }
  });

  test("a line of a megabyte comes out exact, in any chunks", () => {
    const line = `.${"x".repeat(1024 * 1024)}\r\n.\r\n`;
    const reply = wire(octets(`.${line}`.replace(/\.\r\n$/, "..\r\n.\r\n")));
    for (const size of [977, 4096, 65_537, reply.length]) {
      const result = read(every(reply, size));
      expect(result.ended).toBe(true);
      expect(result.body.equals(octets(line)), `chunks of ${size}`).toBe(true);
    }
  });

  test("a chunk that is only a dot ends nothing", () => {
    const framing = new Pop3Framing("pop.example:110");
    framing.push(octets("a\r\n"));
    expect(framing.body()).toEqual({ octets: octets("a\r\n"), end: false });
    framing.push(octets("."));
    expect(framing.body()?.end).toBe(false);
    framing.push(octets("b\r\n.\r\n"));
    expect(framing.body()).toEqual({ octets: octets("b\r\n"), end: true });
  });

  test("as long as the terminator has not come in full, the message has not ended", () => {
    for (const [, stuffed] of bodies) {
      for (let cut = 0; cut < stuffed.length; cut += 1) {
        const reply = Buffer.concat([octets("+OK\r\n"), octets(stuffed.slice(0, cut))]);
        expect(read([reply]).ended, `${JSON.stringify(stuffed)} up to ${cut}`).toBe(false);
      }
    }
  });

  test("a message is handed on while it arrives, and nothing of it is kept", () => {
    const framing = new Pop3Framing("pop.example:110");
    const chunk = Buffer.alloc(64 * 1024, "x");
    for (let at = 0; at < 100; at += 1) {
      framing.push(chunk);
      expect(framing.body()?.octets.length).toBe(chunk.length);
      expect(framing.pending).toBe(0);
    }
  });

  test("any octets survive stuffing, any cuts and unstuffing", () => {
    const part = fc.oneof(
      fc.constantFrom("\r\n", ".", "\r", "\n", "\r\n.", "\r\n.\r\n", "\0", "\xff"),
      fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 5 }),
    );
    const message = fc.array(part, { maxLength: 30 }).map((parts) => octets(`${parts.join("")}\r\n`));
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(message, sizes, (original, lengths) => {
        const reply = wire(dotStuffed(original));
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < reply.length; turn += 1) {
          const length = lengths[turn % lengths.length] ?? 1;
          chunks.push(reply.subarray(at, at + length));
          at += length;
        }
        const result = read(chunks);
        expect(result.body.toString("latin1")).toBe(original.toString("latin1"));
        expect(result.next).toBe("+OK next");
      }),
      { seed: 20261122, numRuns: 2000 },
    );
  });
});

describe("a line", () => {
  test("is given once it is complete, without its CRLF", () => {
    const framing = new Pop3Framing("pop.example:110");
    for (const octet of "+OK\r") {
      framing.push(octets(octet));
      expect(framing.line()).toBeUndefined();
    }
    framing.push(octets("\n-ERR\r\n"));
    expect(framing.line()?.toString()).toBe("+OK");
    expect(framing.line()?.toString()).toBe("-ERR");
    expect(framing.pending).toBe(0);
  });

  test("without an end is refused before it fills the memory", () => {
    const framing = new Pop3Framing("pop.example:110");
    framing.push(Buffer.alloc(longestLine, "x"));
    expect(framing.line()).toBeUndefined();
    framing.push(octets("x"));
    expect(() => framing.line()).toThrow(
      expect.objectContaining({ code: "N307", scope: "session", message: expect.stringContaining("pop.example:110") }),
    );
  });

  test("that ends with a bare LF is refused, with its words made safe", () => {
    const framing = new Pop3Framing("pop.example:110");
    framing.push(octets("+OK \x1b[2J\n"));
    expect(() => framing.line()).toThrow(MailferryError);
    expect(() => framing.line()).toThrow('"+OK \\x1b[2J"');
  });

  test("of a listing loses its stuffing, and a lone dot ends the listing", () => {
    expect(unstuffedLine(octets("1 abc"))?.toString()).toBe("1 abc");
    expect(unstuffedLine(octets("..1"))?.toString()).toBe(".1");
    expect(unstuffedLine(octets("."))).toBeUndefined();
  });
});
