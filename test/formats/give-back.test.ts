import { expect, test } from "vitest";
import { giveBack } from "../../src/formats/give-back.ts";

test("memory that was given back is empty, and so is every view of it", () => {
  const memory = Buffer.allocUnsafeSlow(65_536).fill(1);
  const view = memory.subarray(10, 20);
  giveBack(memory);
  expect([memory.length, view.length]).toEqual([0, 0]);
  expect(() => giveBack(memory)).not.toThrow();
});

test("memory that others share is left alone", () => {
  const [one, other] = [Buffer.from("one"), Buffer.from("other")];
  const part = Buffer.allocUnsafeSlow(100).fill(7).subarray(0, 50);
  giveBack(one);
  giveBack(part);
  expect([one.toString(), other.toString(), part.length]).toEqual(["one", "other", 50]);
});
