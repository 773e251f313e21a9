// What comes over the wire, against any octets in any pieces.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import {
  answerOf,
  formatAppendHead,
  formatString,
  parseReply,
  ReplyLines,
} from "../../src/protocol/imap-append-framing.ts";
import { classifyOpeningError, classifySessionError } from "../../src/protocol/imap-errors.ts";
import { parseListed, parseWhole, Responses } from "../../src/protocol/imap-fetch-framing.ts";
import { LiteralFilter } from "../../src/protocol/imap-literal-filter.ts";
import { Pop3Framing, unstuffedLine } from "../../src/protocol/pop3-framing.ts";
import { parseListLine, parseStat, parseUidlLine } from "../../src/protocol/pop3-listing.ts";
import { parseUidSet, uidSets } from "../../src/protocol/uid-set.ts";
import { cutAt, cuts, fuzz, octetsOf } from "../support/fuzz.ts";
import { steersTerminals } from "../support/hostile.ts";
import { imapAccount } from "../support/imap.ts";
import { filtered, referenceFilter } from "../support/literals.ts";

describe("POP3", () => {
  const pieces = ["\r\n", ".", "\r", "\n", "\r\n.", "\r\n.\r\n", "..", "+OK\r\n", "\0"];

  test("a message of any octets is the same after stuffing, any cuts and unstuffing", async () => {
    await fuzz(32_000, fc.tuple(octetsOf(pieces), cuts), ([octets, places]) => {
      const message = `${octets.toString("latin1")}\r\n`;
      // RFC 1939 section 3, by a regular expression.
      const stuffed = message.replace(/(^|\r\n)\./g, "$1..");
      const reply = Buffer.from(`${stuffed}.\r\n+OK next\r\n`, "latin1");
      const framing = new Pop3Framing("pop.example:110");
      const body: Buffer[] = [];
      let ended = false;
      for (const chunk of cutAt(reply, places)) {
        framing.push(chunk);
        while (!ended) {
          const piece = framing.body();
          if (piece === undefined) break;
          body.push(Buffer.from(piece.octets));
          ended = piece.end;
        }
      }
      expect(Buffer.concat(body).toString("latin1")).toBe(message);
      expect(ended).toBe(true);
      expect(framing.line()?.toString("latin1")).toBe("+OK next");
    });
  });

  test("lines of any octets are lines, or an error with a code", async () => {
    await fuzz(20_000, fc.tuple(octetsOf([...pieces, "1 ", "99999999999 ", "-1", "id"]), cuts), ([octets, places]) => {
      const framing = new Pop3Framing("pop.example:110");
      try {
        for (const chunk of cutAt(octets, places)) {
          framing.push(chunk);
          for (let line = framing.line(); line !== undefined; line = framing.line()) {
            const text = unstuffedLine(line)?.toString("latin1") ?? "";
            const { number = 0, octets: size = 0 } = parseListLine(text) ?? {};
            expect(Number.isSafeInteger(number) && Number.isSafeInteger(size)).toBe(true);
            expect(Number.isSafeInteger(parseUidlLine(text)?.number ?? 0)).toBe(true);
            expect(Number.isSafeInteger(parseStat(text) ?? 0)).toBe(true);
          }
        }
      } catch (error) {
        if (!(error instanceof MailferryError)) throw error;
        expect(error).toMatchObject({ code: "N307", scope: "session" });
        expect(error.message).not.toMatch(steersTerminals);
      }
    });
  });
});

describe("IMAP", () => {
  const message = fc.record({
    uid: fc.integer({ min: 1, max: 0xffff_ffff }),
    flags: fc.subarray(["\\Seen", "\\Flagged", "$Junk", "__proto__"]),
    octets: octetsOf(["\r\n", ")", "{3}\r\n", "* OK\r\n", "F1 OK\r\n", "~{9}\r\n"]).filter(({ length }) => length > 0),
  });

  test("rows of any messages come out to the octet, wherever they are cut", async () => {
    await fuzz(20_000, fc.tuple(fc.array(message, { maxLength: 5 }), cuts), ([messages, places]) => {
      const wire = messages.map(({ uid, flags, octets }) =>
        Buffer.concat([
          Buffer.from(`* 1 FETCH (UID ${uid} FLAGS (${flags.join(" ")}) BODY[] {${octets.length}}\r\n`),
          octets,
          Buffer.from(")\r\n"),
        ]),
      );
      const responses = new Responses();
      const found: unknown[] = [];
      for (const chunk of cutAt(Buffer.concat([...wire, Buffer.from("F1 OK done\r\n")]), places)) {
        responses.push(chunk);
        for (let next = responses.next(); next !== undefined; next = responses.next()) {
          const row = parseWhole(next);
          found.push(row === undefined ? next.text : { ...row, octets: Buffer.from(row.octets) });
        }
      }
      expect(found).toEqual([...messages.map((each) => ({ ...each, flags: [...each.flags] })), "F1 OK done"]);
    });
  });

  test("any octets are responses, or an error with a code", async () => {
    const any = octetsOf([
      "* ",
      "1 FETCH (",
      "UID 7 ",
      "FLAGS (",
      ")",
      "BODY[] ",
      "{3}\r\n",
      "{99999999999}\r\n",
      "{-1}\r\n",
      "{5+}\r\n",
      "NIL",
      "\r\n",
      "INTERNALDATE ",
      '"01-Jan-2026 00:00:00 +0000"',
      "RFC822.SIZE 3",
      "A1 OK ",
      "[APPENDUID 1 ",
      "1:5",
      "4294967296",
    ]);
    await fuzz(26_000, fc.tuple(any, cuts), ([octets, places]) => {
      const responses = new Responses();
      const lines = new ReplyLines();
      const coded = (work: () => void) => {
        try {
          work();
        } catch (error) {
          expect(["LiteralTooLarge", "LineTooLarge", "InvalidResponse"]).toContain((error as { code?: unknown }).code);
        }
      };
      coded(() => {
        for (const chunk of cutAt(octets, places)) {
          responses.push(chunk);
          for (let next = responses.next(); next !== undefined; next = responses.next()) {
            const [whole, listed] = [parseWhole(next), parseListed(next)];
            for (const uid of [whole?.uid ?? 1, listed?.uid ?? 1]) expect(Number.isSafeInteger(uid)).toBe(true);
          }
        }
      });
      coded(() => {
        for (const chunk of cutAt(octets, places)) {
          for (const line of lines.push(chunk)) {
            coded(() => {
              const reply = parseReply(line);
              if (typeof reply !== "object" || !("tag" in reply)) return;
              const answer = answerOf(reply, 3);
              if ("uids" in answer) expect([undefined, 3]).toContain(answer.uids?.length);
            });
          }
        }
      });
    });
  });

  test("literals that are too large are left out, and nothing else, wherever they are cut", async () => {
    const any = octetsOf([
      "{3}\r\n",
      "{12}\r\n",
      "~{12}\r\n",
      "{0000012}\r\n",
      "{12}\n",
      "{12+}\r\n",
      "{-3}\r\n",
      "{}\r\n",
      "{",
      "}",
      "~",
      "1",
      "\r\n",
      "\r",
      "abcdefghijkl",
      "* OK",
    ]);
    await fuzz(39_000, fc.tuple(any, cuts), ([octets, places]) => {
      for (const limits of [
        { largest: 10, mostSkipped: 1_000 },
        { largest: 10, mostSkipped: 20 },
        { largest: 10_000, mostSkipped: 0 },
      ]) {
        const found = filtered(new LiteralFilter(limits), cutAt(octets, places));
        expect(found.toString("latin1")).toBe(referenceFilter(octets, limits).toString("latin1"));
      }
    });
  });

  test("an APPEND says where it ends, whatever the name of the mailbox", async () => {
    await fuzz(20_000, fc.tuple(fc.string({ unit: "binary", maxLength: 30 }), fc.nat()), ([name, size]) => {
      const sent = formatString(name).toString("latin1");
      const [, announced, literal = ""] = /^\{(\d+)\+\}\r\n(.*)$/s.exec(sent) ?? [];
      if (announced === undefined) expect(sent).toMatch(/^"(?:[^"\\\r\n\0\x80-\xff]|\\["\\])*"$/);
      else expect(literal).toHaveLength(Number(announced));
      expect(formatAppendHead({ size, flags: [], dateTime: undefined })).toBe(` {${size}+}\r\n`);
    });
  });

  test("UID sets name what they are made of; what is none is refused", async () => {
    const uids = fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 0xffff_ffff })), {
      maxLength: 60,
    });
    const soup = fc.string({
      unit: fc.constantFrom("1", "9", "0", ":", ",", "*", "-", " ", "4294967295"),
      maxLength: 12,
    });
    await fuzz(20_000, fc.tuple(uids, soup), ([some, text]) => {
      const sets = [...uidSets(some)];
      const named = sets.flatMap(({ set }) => parseUidSet(set, 1_000) ?? expect.fail(set));
      expect(named).toEqual([...new Set(some)].sort((a, b) => a - b));
      const read = parseUidSet(text, 100);
      if (read !== undefined)
        expect(read.length <= 100 && read.every((uid) => uid >= 1 && uid <= 0xffff_ffff)).toBe(true);
    });
  });

  test("whatever a server says or an error holds, it has a class, and is safe to print", async () => {
    const account = imapAccount(143, { user: "ada", password: "x" });
    const value = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom(
        "NO",
        "BAD",
        "OVERQUOTA",
        "LimitReached",
        "too many connections",
        "Suggested Backoff Time: 99999999999 milliseconds",
        "__proto__",
      ),
      fc.jsonValue(),
    );
    const fields = fc.record(
      {
        code: value,
        responseStatus: value,
        responseText: value,
        serverResponseCode: value,
        reason: value,
        response: value,
      },
      { requiredKeys: [] },
    );
    await fuzz(13_000, fc.tuple(fc.string({ unit: "binary" }), fields), ([words, more]) => {
      const error = Object.assign(new Error(words), more);
      for (const classified of [classifySessionError(error, account), classifyOpeningError(error, account, { wasAsked: true })]) {
        if (classified === undefined) continue;
        expect(classified).toBeInstanceOf(MailferryError);
        expect(classified.message).not.toMatch(steersTerminals);
      }
    });
  });
});
