// The messages that are missing, with the reason: one block per cause.

import { errorCodes } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { JobFailure } from "../jobs/events.ts";
import { type Block, lineWidth } from "./block.ts";
import { mailboxName } from "./names.ts";
import { formatCount, plural } from "./units.ts";
import { wrap } from "./width.ts";

const mostListed = 20;

const titles = new Map<string, string>(Object.entries(errorCodes));

/** `unreadable on the server` for `M401`. */
export function titleOf(code: string): string {
  return titles.get(code) ?? "failed";
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function blockOf(failures: readonly JobFailure[], listed: readonly JobFailure[]): Block {
  const [first] = failures;
  const messages = failures.filter((failure) => failure.key !== undefined).length;
  const mailboxes = failures.length - messages;
  const what = [
    messages > 0 ? plural(messages, "message") : "",
    mailboxes > 0 ? plural(mailboxes, "mailbox", "mailboxes") : "",
  ];
  const where = groupBy(listed, (failure) => JSON.stringify(failure.mailbox)).flatMap((group) => {
    const keys = group.flatMap((failure) => (failure.key === undefined ? [] : [printable(failure.key)]));
    const mailbox = mailboxName(group[0]?.mailbox ?? []);
    return wrap(keys.length === 0 ? mailbox : `${mailbox}: ${keys.join(", ")}`, lineWidth - 10);
  });
  const rest = failures.length - listed.length;
  return {
    title: `${what.filter((part) => part !== "").join(" and ")}: ${titleOf(first?.code ?? "")}`,
    code: first?.code,
    why: printable(first?.reason ?? ""),
    details: [...where, ...(rest > 0 ? [`and ${formatCount(rest)} more`] : [])].map(
      (line, index) => `${(index === 0 ? "Which" : "").padEnd(8)}${line}`,
    ),
  };
}

/**
 * One block for all failures with the same code and the same reason. Unless `all` are wanted, the first 20 are listed
 * and the others counted.
 */
export function failureBlocks(failures: readonly JobFailure[], all: boolean): Block[] {
  let room = all ? Number.POSITIVE_INFINITY : mostListed;
  const blocks: Block[] = [];
  let uncounted = 0;
  for (const group of groupBy(failures, (failure) => `${failure.code} ${failure.reason}`)) {
    if (room === 0) {
      uncounted += group.length;
      continue;
    }
    const listed = group.slice(0, room);
    room -= listed.length;
    blocks.push(blockOf(group, listed));
  }
  if (uncounted > 0) blocks.push({ title: `${formatCount(uncounted)} more, for other reasons` });
  return blocks;
}
