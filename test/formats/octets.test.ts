import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convert, convertStream, crlfToLf, lfToCrlf, OctetSurvey, surveyOctets } from "../../src/formats/octets.ts";
import { chunkSizes, chunksOf, collect } from "../support/chunks.ts";
import { corpusMessages } from "../support/corpus.ts";
import { tortureMessages } from "../support/torture.ts";

const messages = [...corpusMessages(), ...tortureMessages()];

const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString("latin1");
/** Octets that are mostly line ends, so that chance finds the awkward neighbours. */
const lineEnds = fc
  .array(fc.constantFrom("\r", "\n", "\r\n", "x", "\0", "F", ""), { maxLength: 40 })
  .map((pieces) => Buffer.from(pieces.join("")));

function surveyInPieces(octets: Uint8Array, size: number): OctetSurvey {
  const survey = new OctetSurvey();
  for (const chunk of chunksOf(octets, size)) survey.push(chunk);
  return survey;
}

describe("line ends", () => {
  test("a message without bare LF comes back to the octet from its LF form", () => {
    let reversible = 0;
    for (const { name, bytes } of messages) {
      if (surveyOctets(bytes).bareLf) continue;
      reversible++;
      const stored = convert(bytes, crlfToLf());
      expect(convert(stored, lfToCrlf()).equals(bytes), name).toBe(true);
    }
    expect(reversible).toBeGreaterThan(30);
  });

  test("CRLF becomes LF, while a lone CR stays data", () => {
    const convertText = (text: string) => latin1(convert(Buffer.from(text), crlfToLf()));
    expect(convertText("a\r\nb\r\n")).toBe("a\nb\n");
    expect(convertText("a\rb\r")).toBe("a\rb\r");
    expect(convertText("a\r\r\n\r\n")).toBe("a\r\n\n");
    expect(convertText("\r\n")).toBe("\n");
    expect(convertText("")).toBe("");
  });

  test("cutting the stream anywhere changes nothing, in either direction", async () => {
    for (const { name, bytes } of messages) {
      const stored = convert(bytes, crlfToLf());
      const grown = convert(bytes, lfToCrlf());
      for (const size of chunkSizes(bytes.length)) {
        expect((await collect(convertStream(chunksOf(bytes, size), crlfToLf()))).equals(stored), name).toBe(true);
        expect((await collect(convertStream(chunksOf(bytes, size), lfToCrlf()))).equals(grown), name).toBe(true);
      }
    }
  });

  test("the caller's octets are never written to", () => {
    const octets = Buffer.from("a\r\nb\r\n");
    convert(octets, crlfToLf());
    convert(octets, lfToCrlf());
    expect(latin1(octets)).toBe("a\r\nb\r\n");
  });

  test("any octets: the LF form is reversible exactly when the survey says so", () => {
    fc.assert(
      fc.property(lineEnds, (octets) => {
        const back = convert(octets, crlfToLf(), lfToCrlf());
        expect(back.equals(octets)).toBe(!surveyOctets(octets).bareLf);
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  test("a stream that breaks off throws, it does not just end", async () => {
    async function* broken() {
      yield Buffer.from("half a mess");
      throw new Error("connection lost");
    }
    await expect(collect(convertStream(broken(), crlfToLf(), lfToCrlf()))).rejects.toThrow("connection lost");
  });
});

describe("survey", () => {
  test("it tells the same as a plain reading of the text, however the message is cut", () => {
    fc.assert(
      fc.property(lineEnds, fc.integer({ min: 1, max: 9 }), (octets, size) => {
        const text = latin1(octets);
        const bare = text.match(/(?<!\r)\n/g)?.length ?? 0;
        const survey = surveyInPieces(octets, size);
        expect(survey.size).toBe(text.length);
        expect(survey.bareLf).toBe(bare > 0);
        expect(survey.virtualSize).toBe(text.length + bare);
        expect(survey.endsWithNewline).toBe(text.endsWith("\n"));
        expect(survey.stored).toEqual(surveyOctets(octets).stored);
      }),
      { seed: 2, numRuns: 3000 },
    );
  });

  test("the sizes on disk are those of the file that will be written", () => {
    for (const { name, bytes } of messages) {
      const { verbatim, size, virtualSize } = surveyOctets(bytes).stored;
      const onDisk = verbatim ? bytes : convert(bytes, crlfToLf());
      expect({ name, size, virtualSize }).toEqual({
        name,
        size: onDisk.length,
        virtualSize: surveyOctets(onDisk).virtualSize,
      });
    }
  });
});
