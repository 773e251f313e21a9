import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answerOf,
  formatAppendHead,
  formatString,
  parseReply,
  ReplyLines,
  type TaggedReply,
} from "../../src/protocol/imap-append-framing.ts";

const answer = (line: string, messages: number) => answerOf(parseReply(line) as TaggedReply, messages);

describe("what goes out", () => {
  it("announces each literal with its flags and date", () => {
    const date = " 2-Feb-2020 02:02:02 +0000";
    expect(formatAppendHead({ size: 5, flags: [], dateTime: undefined })).toBe(" {5+}\r\n");
    expect(formatAppendHead({ size: 5, flags: ["\\Seen", "proj"], dateTime: undefined })).toBe(
      " (\\Seen proj) {5+}\r\n",
    );
    expect(formatAppendHead({ size: 5, flags: [], dateTime: date })).toBe(` () "${date}" {5+}\r\n`);
  });

  it.each([
    ["INBOX", '"INBOX"'],
    ['a "b" \\c', '"a \\"b\\" \\\\c"'],
    ["a\r\nb", "{4+}\r\na\r\nb"],
    ["é", "{2+}\r\né"],
  ])("quotes %j, or makes it a literal", (name, sent) => {
    expect(`${formatString(name)}`).toBe(sent);
  });
});

describe("what comes back", () => {
  it("is the same lines wherever it is cut", () => {
    const lines = ["* 3 EXISTS", "A1 OK [APPENDUID 7 1:2] done", "", "A2 NO élu"];
    const octets = Buffer.from(lines.map((line) => `${line}\r\n`).join(""));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: octets.length })), (cuts) => {
        const reader = new ReplyLines();
        const found: string[] = [];
        const places = [0, ...cuts.sort((a, b) => a - b), octets.length];
        for (const [index, place] of places.entries()) {
          found.push(...reader.push(octets.subarray(places[index - 1] ?? 0, place)));
        }
        expect(found).toEqual(lines);
      }),
    );
  });

  it("may have no line without end", () => {
    const reader = new ReplyLines();
    const chunk = Buffer.alloc(40_000, "x");
    expect([...reader.push(chunk)]).toEqual([]);
    expect(() => [...reader.push(chunk)]).toThrow(/65536 octets/);
  });

  it("names a UID for each message, or none", () => {
    expect(answer("A1 OK [APPENDUID 7 4:5,9] done", 3)).toEqual({ uids: [4, 5, 9] });
    expect(answer("A1 OK [APPENDUID 7 4] done", 1)).toEqual({ uids: [4] });
    for (const set of ["4:5", "4:9", "0", "x", "4294967296", "1:4294967295", ""]) {
      expect(answer(`A1 OK [APPENDUID 7 ${set}] done`, 3), set).toEqual({ uids: undefined });
    }
    expect(answer("A1 OK done", 1)).toEqual({ uids: undefined });
  });

  it("tells a refusal with its code and its words", () => {
    expect(answer("A1 NO [overquota] full ]", 2)).toEqual({
      refusal: { status: "NO", code: "OVERQUOTA", words: "full ]" },
    });
    expect(answer("A1 BAD", 2)).toEqual({ refusal: { status: "BAD", code: "", words: "BAD" } });
  });

  it("may be a good-bye, or chatter", () => {
    expect(parseReply("* BYE [UNAVAILABLE] going down")).toEqual({ bye: "going down" });
    expect(parseReply("* bye")).toEqual({ bye: "" });
    for (const line of ["* OK still here", "+ go on", "* 3 EXISTS", "*"]) expect(parseReply(line)).toBe("untagged");
  });

  it.each(["A1 OKAY", "A1", "", "hello", "A1 OK {3}", "* 1 FETCH (BODY[] {10}", "A1 OK x {3+}", "A 1 OK"])(
    "%j is no answer",
    (line) => {
      expect(() => parseReply(line)).toThrow();
    },
  );

  it("never fails otherwise, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        try {
          parseReply(line);
        } catch (error) {
          expect(error).toMatchObject({ code: "InvalidResponse" });
        }
      }),
    );
  });
});
