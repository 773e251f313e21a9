// Whatever is typed or answered: nothing throws, and what is taken for a host or a user name is one.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "../../src/detect/address.ts";
import { parseClientConfig } from "../../src/detect/client-config.ts";
import { isHostName } from "../../src/detect/host-name.ts";
import { parseServer } from "../../src/detect/named-server.ts";
import { addressOf } from "../support/addresses.ts";
import { clientConfig } from "../support/detection-world.ts";
import { steersTerminals } from "../support/steering.ts";

const ada = addressOf("ada@example.org");
const odd = fc.constantFrom(
  "<",
  ">",
  "@",
  "&",
  ";",
  "%",
  ":",
  "[",
  "]",
  "/",
  "..",
  "\0",
  "\x1b",
  "\u202e",
  "é",
  "<!--",
  "]]>",
);
const text = fc
  .array(fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), odd), { maxLength: 12 })
  .map((all) => all.join(""));

test("an address", () => {
  const around = fc.tuple(text, text).map(([local, domain]) => `${local}@${domain}`);
  fc.assert(
    fc.property(fc.oneof(text, around), (typed) => {
      const parsed = parseAddress(typed);
      if ("problem" in parsed) expect(parsed.text).not.toMatch(steersTerminals);
      else {
        expect(isHostName(parsed.domain)).toBe(true);
        expect(parsed.local).not.toMatch(/[\s@<>"]/);
        expect(parsed.address).not.toMatch(steersTerminals);
        expect(parseAddress(parsed.address)).toEqual(parsed);
      }
    }),
    { numRuns: 500 },
  );
});

test("a server", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        text.map((rest) => `imap://example.org${rest}`),
      ),
      (typed) => {
        const parsed = parseServer(typed);
        if ("problem" in parsed) expect(parsed.text).not.toMatch(steersTerminals);
        else expect(parsed.host).toMatch(/^[a-z0-9._-]+$|^[\da-f:.]+(%[^\s]*)?$/i);
      },
    ),
    { numRuns: 500 },
  );
});

test("a document: any text in any of its fields, and any damage", () => {
  const field = fc.oneof(text, fc.constantFrom("imap.example.org", "993", "SSL", "%EMAILADDRESS%"));
  const document = fc
    .tuple(field, field, field, field)
    .map(([host, port, socket, user]) => clientConfig({ host, port, socket, user }, { host: "imap.example.org" }));
  const damaged = fc.tuple(document, fc.nat(400), fc.nat(40), text).map(([whole, at, gone, put]) => {
    return whole.slice(0, at) + put + whole.slice(at + gone);
  });
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(document, damaged, text), (written) => {
      for (const { host, port, tls, users } of parseClientConfig(written, ada)) {
        taken += 1;
        expect(isHostName(host) && host.includes(".")).toBe(true);
        expect(port > 0 && port < 65_536).toBe(true);
        expect(tls).toMatch(/^(implicit|starttls)$/);
        expect(users.join("")).not.toMatch(steersTerminals);
        expect(users).toEqual(expect.arrayContaining(["ada@example.org", "ada"]));
      }
    }),
    { numRuns: 500 },
  );
  expect(taken).toBeGreaterThan(20);
});
