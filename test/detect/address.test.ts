import { expect, test } from "vitest";
import { parseAddress } from "../../src/detect/address.ts";
import { steersTerminals } from "../support/steering.ts";

test.each([
  ["ada@example.org", "ada", "example.org"],
  ["  Ada.Lovelace+mail@EXAMPLE.org\n", "Ada.Lovelace+mail", "example.org"],
  ["Ada Lovelace <ada@example.org>", "ada", "example.org"],
  ['"Lovelace, Ada" <ada@example.org> ', "ada", "example.org"],
  ["<ada@example.org>", "ada", "example.org"],
  ["ada@bücher.example", "ada", "xn--bcher-kva.example"],
  ["ada@例え.テスト", "ada", "xn--r8jz45g.xn--zckzah"],
  ["zoë@example.org", "zoë", "example.org"],
  ["o'brien/a=b!#$%&*?^`{|}~@example.org", "o'brien/a=b!#$%&*?^`{|}~", "example.org"],
])("%j is an address", (text, local, domain) => {
  expect(parseAddress(text)).toEqual({ address: `${local}@${domain}`, local, domain });
});

test.each([
  ["", "empty"],
  ["  ", "empty"],
  ["Ada <>", "empty"],
  ["ada", "no-at"],
  ["example.org", "no-at"],
  ["ada lovelace", "space"],
  ["ada @example.org", "space"],
  ["ada@example .org", "space"],
  ["@example.org", "no-local"],
  ["ada@", "bad-domain"],
  ["ada@example", "no-dot"],
  ["ada@example.org.", "bad-domain"],
  ["ada@-example.org", "bad-domain"],
  ["ada@exa_mple..org", "bad-domain"],
  ["ada@127.0.0.1", "bad-domain"],
  ["ada@[::1]", "bad-domain"],
  ["ada@example.org/../x", "bad-domain"],
  ["ada@exam?ple.org", "bad-domain"],
  ["ada@example%2eorg", "bad-domain"],
  ["ada@example.org:993", "bad-domain"],
  [".ada@example.org", "bad-local"],
  ["ada..b@example.org", "bad-local"],
  ["ada@b@example.org", "bad-local"],
  ["a\u0000b@example.org", "bad-local"],
  ["a\u001b[2Jb@example.org", "bad-local"],
  [`${"a".repeat(65)}@example.org`, "bad-local"],
  [`ada@${"a.".repeat(127)}org`, "bad-domain"],
])("%j is none: %s", (text, problem) => {
  const parsed = parseAddress(text);
  expect(parsed).toMatchObject({ problem });
  expect("text" in parsed && parsed.text).not.toMatch(steersTerminals);
});
