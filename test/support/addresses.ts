import { type Address, parseAddress } from "../../src/detect/address.ts";

export function addressOf(text: string): Address {
  const parsed = parseAddress(text);
  if ("problem" in parsed) throw new Error(`${text}: ${parsed.problem}`);
  return parsed;
}
