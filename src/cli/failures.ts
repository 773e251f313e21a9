// The messages that are missing or altered and what stopped a job, one block per cause; and what else is worth knowing.

import { printable } from "../formats/printable.ts";
import type { JobFailure, JobReport, MailboxReport } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { titleOfCode } from "../language/titles.ts";
import { type Block, lineWidth, textWidth } from "./block.ts";
import { isMove, mailboxName, routeName } from "./names.ts";
import { providerIn } from "./provider-steps.ts";
import { explainStep, stepsOf } from "./steps.ts";
import { blockTexts } from "./texts/block.ts";
import { wordTexts } from "./texts/words.ts";
import { shorten, wrap } from "./width.ts";

const mostListed = 20;

/** `unreadable on the server` for `M401`. */
export function titleOf(code: string, language: Language = "en"): string {
  return titleOfCode(code, language) || blockTexts.in(language)("failed");
}

/** A reason as the engine gives it, for a person. */
function told(reason: string, language: Language): string {
  return printable(translate(reason, language));
}

const codesOfMessages = ["M401", "M402", "M403", "M404", "D503"] as const;

/** What a person can do about messages that are missing or altered; nothing for what a verification found. */
function stepsFor(code: string, language: Language): readonly string[] | undefined {
  const known = codesOfMessages.find((each) => each === code);
  if (known === undefined) return undefined;
  return [blockTexts.in(language)(`do.${known}`), explainStep(known, language)];
}

/** Each altered message has its own sizes for a reason, and all have one cause. */
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

function blockOf(
  failures: readonly JobFailure[],
  listed: readonly JobFailure[],
  all: boolean,
  nameOf: NameOf,
  language: Language,
): Block {
  const [first] = failures;
  const word = wordTexts.in(language);
  const code = first?.code ?? "";
  const isShared = code === "M404";
  const messages = failures.filter((failure) => failure.key !== undefined).length;
  const mailboxes = failures.length - messages;
  const counted = [
    ...(messages > 0 ? [word("messages", { count: messages })] : []),
    ...(mailboxes > 0 ? [word("mailboxes", { count: mailboxes })] : []),
  ];
  const [only = "", last] = counted;
  const nameMessage = ({ key = "", reason }: JobFailure) =>
    isShared && all ? `${printable(key)} (${told(reason.replace(sharedWords, ""), language)})` : printable(key);
  const which = groupBy(listed, (failure) => JSON.stringify(failure.mailbox)).flatMap((group) => {
    const keys = group.filter((failure) => failure.key !== undefined).map(nameMessage);
    const mailbox = nameOf(group[0]?.mailbox ?? []);
    return wrap(keys.length === 0 ? mailbox : `${mailbox}: ${keys.join(", ")}`, textWidth(language));
  });
  const rest = failures.length - listed.length;
  const subject = last === undefined ? only : word("and", { first: only, last });
  return {
    title: word("about", { subject, text: titleOf(code, language) }),
    code: first?.code,
    why: isShared ? blockTexts.in(language)("reason.M404") : told(first?.reason ?? "", language),
    steps: messages > 0 ? stepsFor(code, language) : undefined,
    which: [...which, ...(rest > 0 ? [word("and-more", { count: rest })] : [])],
  };
}

/**
 * One block for all failures with the same code and the same reason. Unless `all` are wanted, the first 20 are listed
 * and the others counted.
 */
export function failureBlocks(
  failures: readonly JobFailure[],
  all: boolean,
  nameOf: NameOf = mailboxName,
  language: Language = "en",
): Block[] {
  let room = all ? Number.POSITIVE_INFINITY : mostListed;
  const blocks: Block[] = [];
  let uncounted = 0;
  const causeOf = ({ code, reason }: JobFailure) => (code === "M404" ? code : `${code} ${reason}`);
  for (const group of groupBy(failures, causeOf)) {
    if (room === 0) {
      uncounted += group.length;
      continue;
    }
    const listed = group.slice(0, room);
    room -= listed.length;
    blocks.push(blockOf(group, listed, all, nameOf, language));
  }
  if (uncounted > 0) blocks.push({ title: blockTexts.in(language)("more.reasons", { count: uncounted }) });
  return blocks;
}

/** Names mailboxes as the table of the job does. */
export function nameRoutes(mailboxes: readonly MailboxReport[]): NameOf {
  const routes = new Map(mailboxes.map((mailbox) => [JSON.stringify(mailbox.path), mailbox]));
  return (path) => routeName(routes.get(JSON.stringify(path)) ?? { path });
}

/** Said only where it is certain. */
function stateOf(job: JobReport, language: Language): string | undefined {
  const say = blockTexts.in(language);
  if (job.exit.name === "bug" || job.exit.name === "damaged") return undefined;
  if (job.messages.copied === 0) return say("untouched");
  return job.exit.name === "destination" && !isMove(job) ? undefined : say("safe");
}

/** What stopped the job before its end, if anything did. `account`: the one that did, by its name in the job file. */
export function stopBlock(job: JobReport, language: Language = "en", account?: string): Block[] {
  const { error } = job;
  if (error === undefined) return [];
  const say = blockTexts.in(language);
  if (job.exit.name === "bug") return [{ title: say("bug"), why: printable(error.message) }];
  const { code, message, remedy } = error;
  return [
    {
      title: wordTexts.in(language)("about", { subject: printable(job.name), text: titleOf(code, language) }),
      code,
      why: told(message, language),
      steps: stepsOf(code, language, { remedy, provider: providerIn(message), job: job.name, account }),
      state: stateOf(job, language),
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
export function noticeLines(
  notices: readonly JobFailure[],
  all: boolean,
  nameOf: NameOf,
  language: Language = "en",
): string[] {
  const say = blockTexts.in(language);
  const groups = groupBy(notices, ({ code, reason }) => `${code} ${reason}`);
  const shown = all ? groups : groups.slice(0, groups.length - 1 > mostNotices ? mostNotices : groups.length);
  const lines = shown.flatMap((group) => {
    const [first] = group;
    const names = [...new Set(group.map(({ mailbox }) => nameOf(mailbox)))].filter((name) => name !== "");
    const named = all || names.length <= mostMailboxes + 1 ? names : names.slice(0, mostMailboxes);
    const rest = names.length - named.length;
    const where = rest > 0 ? say("more.names", { names: named.join(", "), count: rest }) : named.join(", ");
    const reason = shorten(told(first?.reason ?? "", language), longestNotice);
    const code = `MF-${first?.code ?? ""}`;
    const text = wrap(
      where === "" ? reason : wordTexts.in(language)("about", { subject: where, text: reason }),
      lineWidth - code.length - 4,
    );
    return text.map((line, index) => `  ${index === 0 ? code : " ".repeat(code.length)}  ${line}`);
  });
  const folded = groups.length - shown.length;
  return folded > 0 ? [...lines, `  ${say("more.notices", { count: folded })}`] : lines;
}
