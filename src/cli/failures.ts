// The messages that are missing or altered and what stopped a job, one block per cause; and what else is worth knowing.

import { errorCodes } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { JobFailure, JobReport, MailboxReport } from "../jobs/events.ts";
import { type Block, lineWidth } from "./block.ts";
import { isMove, mailboxName, routeName } from "./names.ts";
import { formatCount, plural } from "./units.ts";
import { shorten, wrap } from "./width.ts";

const mostListed = 20;

const titles = new Map<string, string>(Object.entries(errorCodes));

/** `unreadable on the server` for `M401`. */
export function titleOf(code: string): string {
  return titles.get(code) ?? "failed";
}

/** What a person can do about messages that a target does not take, or not as they are. */
const remedies = new Map([
  [
    "M402",
    "Ask the provider for a higher limit, or import the message by webmail. With keepRefused, beside the account in the job's to, such messages are also kept as .eml files.",
  ],
  [
    "M403",
    "Ask the provider what these words mean, or import the message by webmail. With keepRefused, beside the account in the job's to, such messages are also kept as .eml files.",
  ],
  [
    "M404",
    "The originals at the source are unaltered: keep them if every octet counts. With keepRefused, beside the account in the job's to, they are also kept as .eml files.",
  ],
]);

/** Each altered message has its own sizes for a reason, and all have one cause. */
const sharedReasons = new Map([["M404", "the target gives back other octets than it was given"]]);
const sharedWords = /^the target gives back /;

/** In the order in which each key comes first. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** How a mailbox is called, by its path at the target. */
export type NameOf = (path: readonly string[]) => string;

function blockOf(failures: readonly JobFailure[], listed: readonly JobFailure[], all: boolean, nameOf: NameOf): Block {
  const [first] = failures;
  const code = first?.code ?? "";
  const shared = sharedReasons.get(code);
  const messages = failures.filter((failure) => failure.key !== undefined).length;
  const mailboxes = failures.length - messages;
  const what = [
    messages > 0 ? plural(messages, "message") : "",
    mailboxes > 0 ? plural(mailboxes, "mailbox", "mailboxes") : "",
  ];
  const nameMessage = ({ key = "", reason }: JobFailure) =>
    shared !== undefined && all ? `${printable(key)} (${printable(reason.replace(sharedWords, ""))})` : printable(key);
  const where = groupBy(listed, (failure) => JSON.stringify(failure.mailbox)).flatMap((group) => {
    const keys = group.filter((failure) => failure.key !== undefined).map(nameMessage);
    const mailbox = nameOf(group[0]?.mailbox ?? []);
    return wrap(keys.length === 0 ? mailbox : `${mailbox}: ${keys.join(", ")}`, lineWidth - 10);
  });
  const rest = failures.length - listed.length;
  return {
    title: `${what.filter((part) => part !== "").join(" and ")}: ${titleOf(code)}`,
    code: first?.code,
    why: shared ?? printable(first?.reason ?? ""),
    remedy: messages > 0 ? remedies.get(code) : undefined,
    details: [...where, ...(rest > 0 ? [`and ${formatCount(rest)} more`] : [])].map(
      (line, index) => `${(index === 0 ? "Which" : "").padEnd(8)}${line}`,
    ),
  };
}

/**
 * One block for all failures with the same code and the same reason. Unless `all` are wanted, the first 20 are listed
 * and the others counted.
 */
export function failureBlocks(failures: readonly JobFailure[], all: boolean, nameOf: NameOf = mailboxName): Block[] {
  let room = all ? Number.POSITIVE_INFINITY : mostListed;
  const blocks: Block[] = [];
  let uncounted = 0;
  const causeOf = ({ code, reason }: JobFailure) => (sharedReasons.has(code) ? code : `${code} ${reason}`);
  for (const group of groupBy(failures, causeOf)) {
    if (room === 0) {
      uncounted += group.length;
      continue;
    }
    const listed = group.slice(0, room);
    room -= listed.length;
    blocks.push(blockOf(group, listed, all, nameOf));
  }
  if (uncounted > 0) blocks.push({ title: `${formatCount(uncounted)} more, for other reasons` });
  return blocks;
}

/** Names mailboxes as the table of the job does. */
export function nameRoutes(mailboxes: readonly MailboxReport[]): NameOf {
  const routes = new Map(mailboxes.map((mailbox) => [JSON.stringify(mailbox.path), mailbox]));
  return (path) => routeName(routes.get(JSON.stringify(path)) ?? { path });
}

/** Said only where it is certain. */
function stateOf(job: JobReport): string | undefined {
  if (job.exit.name === "bug" || job.exit.name === "damaged") return undefined;
  if (job.messages.copied === 0) return "Nothing was changed, nothing was lost.";
  return job.exit.name === "destination" && !isMove(job) ? undefined : "What was copied before is safe.";
}

/** What stopped the job before its end, if anything did. */
export function stopBlock(job: JobReport): Block[] {
  if (job.error === undefined) return [];
  if (job.exit.name === "bug") {
    return [{ title: "This is a bug in mailferry, not a mistake of yours", why: printable(job.error.message) }];
  }
  return [
    {
      title: `${printable(job.name)}: ${titleOf(job.error.code)}`,
      code: job.error.code,
      why: printable(job.error.message),
      remedy: job.error.remedy === undefined ? undefined : printable(job.error.remedy),
      state: stateOf(job),
    },
  ];
}

const mostNotices = 8;
const mostMailboxes = 3;
const longestNotice = 400;

/**
 * `MF-S604  Projets/2026: the target does not keep proj; the ledger has it`: one entry for all mailboxes with the same to
 * say, each wrapped. Unless `all` are wanted, few mailboxes are named and few entries shown.
 */
export function noticeLines(notices: readonly JobFailure[], all: boolean, nameOf: NameOf): string[] {
  const groups = groupBy(notices, ({ code, reason }) => `${code} ${reason}`);
  const shown = all ? groups : groups.slice(0, groups.length - 1 > mostNotices ? mostNotices : groups.length);
  const lines = shown.flatMap((group) => {
    const [first] = group;
    const names = [...new Set(group.map(({ mailbox }) => nameOf(mailbox)))].filter((name) => name !== "");
    const named = all || names.length <= mostMailboxes + 1 ? names : names.slice(0, mostMailboxes);
    const rest = names.length - named.length;
    const where = named.join(", ") + (rest > 0 ? ` and ${formatCount(rest)} more` : "");
    const reason = shorten(printable(first?.reason ?? ""), longestNotice);
    const code = `MF-${first?.code ?? ""}`;
    const text = wrap(where === "" ? reason : `${where}: ${reason}`, lineWidth - code.length - 4);
    return text.map((line, index) => `  ${index === 0 ? code : " ".repeat(code.length)}  ${line}`);
  });
  const folded = groups.length - shown.length;
  return folded > 0 ? [...lines, `  and ${formatCount(folded)} more of these; -v shows them all`] : lines;
}
