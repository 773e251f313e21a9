import { createRequire } from "node:module";
import type { Transform } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LiteralFilter } from "../../src/protocol/imap-literal-filter.ts";
import { cutAt, cuts, octetsOf } from "../support/fuzz.ts";
import { filtered, referenceFilter } from "../support/literals.ts";

const limits = { largest: 10, mostSkipped: 1_000 };
const filter = (text: string, most = limits) =>
  filtered(new LiteralFilter(most), [Buffer.from(text, "latin1")]).toString("latin1");

describe("literals that are too large", () => {
  test.each([
    ["* 1 FETCH (BODY[] {12}\r\nabcdefghijkl)\r\n", "* 1 FETCH (BODY[] NIL)\r\n"],
    ["* 1 FETCH (BODY[] ~{12}\r\nabcdefghijkl)\r\n", "* 1 FETCH (BODY[] NIL)\r\n"],
    ["a {0000000000000000000000000000012}\nabcdefghijkl b\r\n", "a NIL b\r\n"],
    ["a {11}\r\n{5}\r\n{5}\r\nx\r\n{3}\r\nabc\r\n", "a NIL\r\n{3}\r\nabc\r\n"],
    ["a {11}\r\nabcdefghijk{11}\r\nabcdefghijk{2}\r\nhi\r\n", "a NILNIL{2}\r\nhi\r\n"],
  ])("are left out of %j", (text, passed) => {
    expect(filter(text)).toBe(passed);
  });

  test.each([
    "* 1 FETCH (BODY[] {10}\r\n{99}\r\nabcd)\r\n",
    "{12+}\r\n{-12}\r\n{}\r\n{ 12}\r\n{12} \r\n12}\r\n",
    "a {2000}\r\nabc",
    "a {99999999999999999999}\r\nabc",
  ])("are not seen where there are none, or where they go beyond all that is read past: %j", (text) => {
    expect(filter(text)).toBe(text);
  });

  test("are told of once, and counted over the whole connection", () => {
    const reader = new LiteralFilter({ largest: 10, mostSkipped: 25 });
    const literal = (size: number) => Buffer.from(`{${size}}\r\n${"x".repeat(size)}\r\n`);
    expect(filtered(reader, [literal(12), literal(11)]).toString()).toBe("NIL\r\nNIL\r\n");
    expect([reader.takeLargest(), reader.takeLargest()]).toEqual([12, undefined]);
    expect(filtered(reader, [literal(12)]).toString()).toBe(literal(12).toString());
  });

  test("announced by a number without end are an error", () => {
    const reader = new LiteralFilter(limits);
    expect(() => filtered(reader, [Buffer.from("a {"), Buffer.alloc(70_000, "1")])).toThrow(
      expect.objectContaining({ code: "LiteralTooLarge" }),
    );
  });
});

const any = octetsOf(
  [
    "{3}\r\n",
    "{12}\r\n",
    "~{12}\r\n",
    "{012}\r\n",
    "{12}\n",
    "{12+}\r\n",
    "{}\r\n",
    "{",
    "}",
    "~",
    "1",
    "\r\n",
    "\r",
    "abcdefghijkl",
  ],
  30,
);

test("it is the same wherever it is cut, and what a few lines say it is", () => {
  fc.assert(
    fc.property(any, cuts, (octets, places) => {
      const found = filtered(new LiteralFilter(limits), cutAt(octets, places)).toString("latin1");
      expect(found).toBe(referenceFilter(octets, limits).toString("latin1"));
    }),
    { seed: 17, numRuns: 2000 },
  );
});

test("imapflow finds literals where the filter does", async () => {
  const require = createRequire(import.meta.url);
  const { ImapStream } = require("imapflow/lib/handler/imap-stream.js") as {
    ImapStream: new (options: object) => Transform;
  };
  type Item = { readonly payload: Buffer; readonly literals: readonly Buffer[]; next(): void };
  const literalsOf = async (octets: Buffer): Promise<string[]> => {
    const stream = new ImapStream({ logger: { error() {} } });
    const found: string[] = [];
    stream.on("readable", () => {
      for (let item: Item | null = stream.read(); item !== null; item = stream.read()) {
        found.push(...item.literals.map((literal) => literal.toString("latin1")));
        item.next();
      }
    });
    stream.end(Buffer.concat([octets, Buffer.from("\r\nend\r\n")]));
    await new Promise((resolve) => stream.once("end", resolve));
    return found;
  };
  await fc.assert(
    fc.asyncProperty(any, async (octets) => {
      // All are too large: what imapflow then still finds, the filter has missed.
      const most = { largest: -1, mostSkipped: 100_000 };
      const passed = filtered(new LiteralFilter(most), [octets]);
      expect(await literalsOf(passed)).toEqual([]);
    }),
    { seed: 18, numRuns: 300 },
  );
});
