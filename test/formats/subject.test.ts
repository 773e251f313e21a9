import { expect, test } from "vitest";
import { subjectOf } from "../../src/formats/subject.ts";
import { hostile, steersTerminals } from "../support/hostile.ts";

test.each([
  ["Subject: plain\r\n\r\nbody", "plain"],
  ["From: a\r\nSUBJECT:\tin the middle\r\nTo: b\r\n\r\n", "in the middle"],
  ["subject: over\r\n two lines\nTo: b\n\n", "over two lines"],
  ["Subject: =?UTF-8?Q?=C3=A0_bient=C3=B4t?=\n\n", "à bientôt"],
  ["Subject: =?utf-8?B?w6k=?= =?iso-8859-1?q?=e9?= end\n\n", "éé end"],
  ["Subject: =?no-such-charset?Q?x?=\n\n", "=?no-such-charset?Q?x?="],
  ["Subject: \xc3\xa9t\xc3\xa9\n\n", "été"],
  ["Subject:\n\n", undefined],
  ["To: b\r\n\r\nSubject: not in the header\r\n", undefined],
  ["", undefined],
])("of %j is %j", (message, subject) => {
  expect(subjectOf(Buffer.from(message, "latin1"))).toBe(subject);
});

test("is short, and steers no terminal, encoded or not", () => {
  const encoded = `=?utf-8?B?${Buffer.from(hostile).toString("base64")}?=`;
  for (const text of [hostile, encoded]) {
    const subject = subjectOf(Buffer.from(`Subject: ${text.replaceAll("\u2028", "")}\n\n`)) ?? "";
    expect(subject).not.toMatch(steersTerminals);
    expect(subject).toContain("\\x1b");
  }
  expect(subjectOf(Buffer.from(`Subject: ${"x".repeat(10_000)}\n\n`))?.length).toBeLessThan(110);
  expect(subjectOf(Buffer.from(`Subject: ${"\n x".repeat(20_000)}${"=?a?q?".repeat(20_000)}`))?.length).toBeLessThan(
    110,
  );
});
