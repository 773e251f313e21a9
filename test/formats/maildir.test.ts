import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeFlags } from "../../src/flags.ts";
import {
  extendKeywords,
  formatInfo,
  formatKeywords,
  formatUniqueName,
  keywordLetter,
  parseInfo,
  parseKeywords,
  parseUniqueName,
  uniqueId,
} from "../../src/formats/maildir.ts";

const table = ["$Junk", "proj"];
const letterOf = (keyword: string) => keywordLetter(table, keyword);

describe("info suffix", () => {
  test("letters stand in ASCII order, each once", () => {
    expect(formatInfo(["\\Seen", "proj", "\\Flagged", "\\Answered", "$Junk", "\\seen"], letterOf)).toBe(":2,FRSab");
    expect(formatInfo(["\\Deleted", "$Forwarded", "\\Draft"], letterOf)).toBe(":2,DPT");
    expect(formatInfo([], letterOf)).toBe(":2,");
  });

  test("a flag without a letter is left out", () => {
    expect(formatInfo(["\\Recent", "unknown", "\\Seen"], letterOf)).toBe(":2,S");
  });

  test("flags read back from names of ours and of others", () => {
    expect(parseInfo("1.x.mailferry,S=1,W=2:2,FRSab", table)).toEqual(
      normalizeFlags(["\\Flagged", "\\Answered", "\\Seen", "$Junk", "proj"]),
    );
    expect(parseInfo("1795389408.M557889P26161Q2.vm:2,SF", table)).toEqual(["\\Flagged", "\\Seen"]);
    expect(parseInfo("kurkku:2,Sz?9", table)).toEqual(["\\Seen"]);
    expect(parseInfo("kurkku:1,S", table)).toEqual([]);
    expect(parseInfo("kurkku", table)).toEqual([]);
  });

  test("any set of flags that have letters comes back", () => {
    const flags = ["\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", "$Forwarded", ...table];
    fc.assert(
      fc.property(fc.subarray(flags), (some) => {
        expect(parseInfo(`1.x${formatInfo(some, letterOf)}`, table)).toEqual(normalizeFlags(some));
      }),
      { seed: 10 },
    );
  });
});

describe("dovecot-keywords", () => {
  test("a table is written and read back, gaps included", () => {
    expect(formatKeywords(["$Junk", "", "proj"])).toBe("0 $Junk\n2 proj\n");
    expect(parseKeywords("0 $Junk\n2 proj\n")).toEqual(["$Junk", "", "proj"]);
    expect(parseKeywords(formatKeywords(table))).toEqual(table);
    expect(parseKeywords("")).toEqual([]);
  });

  test("lines that make no sense are passed over", () => {
    expect(parseKeywords("junk\n26 z\n99 y\n-1 x\n0  two\n1 ok\n2 a b\n")).toEqual(["", "ok"]);
  });

  test("new keywords take free letters; system flags, doubles and non-atoms take none", () => {
    expect(
      extendKeywords(["$Junk", "", "proj"], ["\\Seen", "$junk", "$Forwarded", "a b", "é", "", "new", "more"]),
    ).toEqual(["$Junk", "$Forwarded", "proj", "new", "more"]);
    expect(extendKeywords(table, ["proj", "\\Seen"])).toBe(table);
  });

  test("the 27th keyword has no letter", () => {
    const many = extendKeywords(
      [],
      Array.from({ length: 30 }, (_, n) => `keyword${n}`),
    );
    expect(many).toHaveLength(26);
    expect(keywordLetter(many, "keyword25")).toBe("z");
    expect(keywordLetter(many, "keyword26")).toBeUndefined();
    expect(keywordLetter(many, "")).toBeUndefined();
  });
});

describe("unique name", () => {
  const id = uniqueId("42", 1);

  test("it holds the sizes and reads back, with and without info", () => {
    const name = formatUniqueName({ seconds: 1795389408, id, size: 123, virtualSize: 130 });
    expect(name).toBe(`1795389408.${id}.mailferry,S=123,W=130`);
    const parsed = { unique: name, id, seconds: 1795389408, size: 123, virtualSize: 130 };
    expect(parseUniqueName(name)).toEqual(parsed);
    expect(parseUniqueName(`${name}:2,FS`)).toEqual(parsed);
  });

  test("names of other programs are read as far as they go", () => {
    expect(parseUniqueName("1795389408.M557889P26161Q2.vm,W=9,S=8:2,S")).toEqual({
      unique: "1795389408.M557889P26161Q2.vm,W=9,S=8",
      id: undefined,
      seconds: 1795389408,
      size: 8,
      virtualSize: 9,
    });
    expect(parseUniqueName("kurkku;2,FP")).toMatchObject({ unique: "kurkku;2,FP", id: undefined, seconds: undefined });
    expect(parseUniqueName("")).toMatchObject({ unique: "", id: undefined });
    expect(parseUniqueName("1.x,S=12x,W=:2,")).toMatchObject({ size: undefined, virtualSize: undefined });
  });

  test("the id follows from key and attempt, and no two pairs run into each other", () => {
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(uniqueId("42", 1)).toBe(id);
    const keys = ["42", "4", "", "42,1", '42",1', "\ud800", "\ufffd"];
    const ids = keys.flatMap((key) => [1, 2, 21].map((attempt) => uniqueId(key, attempt)));
    expect(new Set(ids).size).toBe(keys.length * 3);
  });
});
