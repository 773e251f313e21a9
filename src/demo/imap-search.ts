// SEARCH, answered with numbers or, where it is asked for, with a set (ESEARCH, RFC 4731).

import { type Command, Refusal, textOf, textsOf, type Value } from "./imap-parser.ts";
import { type Row, rowsOf } from "./imap-rows.ts";
import type { Handler, ImapSession, Selected } from "./imap-session.ts";
import { formatNumbers } from "./imap-sets.ts";

export const searchCommands: [string, Handler][] = [
  ["SEARCH", search],
  ["UID SEARCH", search],
];

async function search(session: ImapSession, command: Command): Promise<string> {
  const selected = session.requireSelected();
  const byUid = command.name === "UID SEARCH";
  const [first, options, ...rest] = command.args;
  const extended = typeof first === "string" && first.toUpperCase() === "RETURN" && session.offers("ESEARCH");
  const wanted = extended ? parseReturnOptions(options) : undefined;
  const found = findRows(selected, command, extended ? rest : command.args);
  const there = found.map(({ sequence, message }) => (byUid ? message.uid : sequence));
  const numbers = session.service.script().onSearch?.(there) ?? there;
  if (wanted === undefined) await session.untagged(["SEARCH", ...numbers].join(" "));
  else {
    const results = [...wanted].flatMap((option) => returnOptions.get(option)?.(numbers) ?? []);
    await session.untagged([`ESEARCH (TAG "${command.tag}")`, ...(byUid ? ["UID"] : []), ...results].join(" "));
  }
  return `${command.name} done`;
}

/** RFC 4731 section 3.1: nothing for MIN, MAX and ALL where nothing was found. */
const returnOptions = new Map<string, (numbers: readonly number[]) => string[]>([
  ["MIN", ([first]) => (first === undefined ? [] : [`MIN ${first}`])],
  ["MAX", (numbers) => (numbers.length === 0 ? [] : [`MAX ${numbers.at(-1)}`])],
  ["COUNT", (numbers) => [`COUNT ${numbers.length}`]],
  ["ALL", (numbers) => (numbers.length === 0 ? [] : [`ALL ${formatNumbers(numbers)}`])],
]);

/** An empty list means ALL. */
function parseReturnOptions(value: Value | undefined): ReadonlySet<string> {
  if (!Array.isArray(value)) throw new Refusal("BAD", "RETURN needs a list");
  const names = textsOf(value).map((name) => name.toUpperCase());
  if (names.some((name) => !returnOptions.has(name))) throw new Refusal("BAD", "Unknown RETURN option");
  return new Set(names.length === 0 ? ["ALL"] : names);
}

const flagCriteria = ["Answered", "Deleted", "Draft", "Flagged", "Seen"];

/** ALL, UID and sequence sets, and flags such as SEEN and UNSEEN; all that are given must hold. */
function findRows(selected: Selected, command: Command, criteria: readonly Value[]): Row[] {
  let found = rowsOf(selected, command, "1:*");
  const words = criteria.map(textOf);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const upper = word.toUpperCase();
    const flag = flagCriteria.find((name) => upper === name.toUpperCase() || upper === `UN${name.toUpperCase()}`);
    if (upper === "ALL") continue;
    if (flag !== undefined) {
      const wanted = upper === flag.toUpperCase();
      found = found.filter(({ message }) => message.flags.includes(`\\${flag}`) === wanted);
    } else {
      const name = upper === "UID" ? "UID SEARCH" : "SEARCH";
      const rows = rowsOf(selected, { name }, upper === "UID" ? (words.shift() ?? "") : word);
      const named = new Set(rows.map(({ message }) => message));
      found = found.filter(({ message }) => named.has(message));
    }
  }
  return found;
}
