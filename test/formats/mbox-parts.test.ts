import fc from "fast-check";
import { expect, test } from "vitest";
import { mboxName, nameKey, parseMboxName } from "../../src/formats/mailbox-names.ts";
import { mostParts, parsePartPath, partPath, spanInPart, spanOf, splitSpan } from "../../src/formats/mbox-parts.ts";

test("further files stand beside the first, in their order, and say which they are", () => {
  expect(partPath("INBOX.mbox", 1)).toBe("INBOX.mbox");
  expect(partPath("Projets/2026.mbox", 2)).toBe("Projets/2026.mbox%~part-002.mbox");
  expect(partPath("/tmp/mail", 12)).toBe("/tmp/mail%~part-012");
  const all = Array.from({ length: mostParts }, (_, index) => partPath("INBOX.mbox", index + 1));
  expect(all.toSorted()).toEqual(all);
  for (const [index, name] of all.entries()) {
    expect(parsePartPath(name)).toEqual(index === 0 ? undefined : { first: "INBOX.mbox", part: index + 1 });
  }
});

test("no mailbox has a file of such a name, whatever it is called", () => {
  const names = fc.oneof(
    fc.constantFrom("INBOX.mbox%~part-002", "a%~part-002", "INBOX.mbox", "%~part-002", "a.mbox%~2", "part-002"),
    fc.string({ unit: fc.constantFrom(..."%~-part002.mbox"), maxLength: 14 }),
  );
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 3 }), (path, variant) => {
      const name = mboxName(path, variant);
      expect(parsePartPath(name)).toBeUndefined();
      const further = partPath(name, 2);
      expect(parseMboxName(further)).toBeUndefined();
      expect(parsePartPath(further)).toEqual({ first: name, part: 2 });
      expect(Buffer.byteLength(further.split("/").at(-1) ?? "")).toBeLessThan(230);
    }),
  );
  expect(nameKey(partPath(mboxName(["inbox2"]), 2))).not.toBe(nameKey(partPath(mboxName(["INBOX2"], 2), 2)));
});

test("what no part is called is none", () => {
  for (const name of [
    "INBOX.mbox%~part-001.mbox",
    "INBOX.mbox%~part-000.mbox",
    "INBOX.mbox%~part-02.mbox",
    "INBOX.mbox%~part-1000.mbox",
    "INBOX.mbox%~part-002",
    "INBOX%~part-002.mbox",
    "INBOX.mbox%~2.mbox",
    "INBOX.mbox%~part-002.mbox.tail-1",
  ]) {
    expect(parsePartPath(name), name).toBeUndefined();
  }
});

test("a place tells its part, and each octet of each part has a number of its own", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: mostParts }),
      fc.nat({ max: 2 ** 32 - 1 }),
      fc.nat({ max: 1000 }),
      (part, offset, length) => {
        const [span = { offset: -1, length: 0 }] = spanOf({ ...(part === 1 ? {} : { part }), offset, length });
        expect(Number.isSafeInteger(span.offset)).toBe(true);
        expect(span).toEqual(spanInPart(part, { offset, length }));
        expect(splitSpan(span)).toEqual({ part, offset, length });
      },
    ),
  );
  for (const part of [0, -1, 1.5, "2", true, mostParts + 1, Number.NaN]) {
    expect(spanOf({ part, offset: 0, length: 1 })).toEqual([]);
  }
});
