// One job as the job file writes it. What its keys must not say together is in job-ends.ts and contradictions.ts.

import { z } from "zod";
import { printable } from "../formats/printable.ts";
import { quote } from "./mistakes.ts";
import { pack, retention } from "./pack-schema.ts";
import { checkPattern, checkTarget } from "./patterns.ts";
import { hooks, schedule, staleAfter, when } from "./schedule-schema.ts";
import { suggest } from "./suggest.ts";
import { date, isMapping, mapping, path, size } from "./values.ts";
import { showValue } from "./words.ts";

export const format = z.enum(["mbox", "maildir"]);

const inWords = { error: ({ input }: { readonly input?: unknown }) => describeSourceMistake(input) };

const from = z
  .union(
    [
      z.string().describe("The name of an account."),
      z.strictObject(
        { archive: path.describe("Folder of an archive that mailferry wrote, or a pack of one.") },
        inWords,
      ),
      z.strictObject({ mbox: path.describe("An mbox file, or a folder of them.") }, inWords),
      z.strictObject({ maildir: path.describe("A Maildir, with its Maildir++ folders.") }, inWords),
    ],
    inWords,
  )
  .describe("Where the mail comes from: the name of an account, or mail on this machine, relative to this file.");

const noPlainFiles = (kind: string) =>
  `a job does not write a plain ${kind}; use { archive: PATH, format: ${kind} }, whose mail is one`;

const to = mapping(
  {
    archive: path.optional().describe("Folder of the archive, relative to this file. With format."),
    format: format
      .optional()
      .describe("Of an archive. mbox: one file for each mailbox. maildir: one file for each message."),
    account: z.string().optional().describe("Name of the IMAP account that the mail is put into."),
    under: z
      .string()
      .refine((text) => checkUnder(text) === undefined, {
        error: (issue) => `${showValue(issue.input)} ${checkUnder(String(issue.input))}`,
      })
      .optional()
      .describe('Mailbox of the account that all mailboxes go below, with "/" between levels.'),
    keepRefused: path
      .optional()
      .describe("Folder for messages that the account refused or altered, as .eml files; relative to this file."),
  },
  {
    refused: new Map(["mbox", "maildir"].map((kind) => [kind, noPlainFiles(kind)])),
    error: (input) =>
      input === undefined
        ? undefined
        : `expected { archive: PATH, format: mbox } or { account: NAME }, got ${showValue(input)}`,
  },
).meta({
  description: "Where the mail goes: an archive on this machine, or an IMAP account.",
  oneOf: [{ required: ["archive", "format"] }, { required: ["account"] }],
  dependentRequired: { archive: ["format"], format: ["archive"], under: ["account"], keepRefused: ["account"] },
});

const patterns = z.array(
  z.string().refine((text) => checkPattern(text) === undefined, {
    error: (issue) => `${showValue(issue.input)} ${checkPattern(String(issue.input))}`,
  }),
);

const mailboxes = mapping({
  include: patterns.default(["*"]).describe('Mailboxes to carry: "*" is all, ** any depth, \\Sent a special-use.'),
  exclude: patterns.default([]).describe("Mailboxes to leave out, even if included."),
  map: z
    .record(z.string(), z.string())
    .default({})
    .describe("Where a mailbox goes in the archive or the account; the first pattern that matches decides."),
  specialUse: z
    .boolean()
    .optional()
    .describe(
      "Only where the target is an account, and not with under. true (the default): a mailbox that map does not name goes to the account's mailbox of the same use, such as \\Sent, whatever either is called.",
    ),
});

const filter = mapping({
  since: date
    .nullable()
    .default(null)
    .describe("Only messages that arrived on this day (UTC) or later. Not from a POP3 account."),
  before: date
    .nullable()
    .default(null)
    .describe("Only messages that arrived before this day (UTC). Not from a POP3 account."),
  maxSize: size.nullable().default(null).describe("Only messages up to this size."),
  unseen: z
    .boolean()
    .nullable()
    .default(null)
    .describe("true: only unread messages; false: only read ones. Not from a POP3 account."),
});

const jobName = z
  .string()
  .min(1)
  .max(100)
  .refine((name) => name.trim() === name && !name.startsWith("-") && printable(name) === name, {
    error: (issue) =>
      `${showValue(issue.input)} is not a name: no spaces around it, no "-" before it, no control characters`,
  });

export const job = mapping({
  name: jobName.describe("What the job is called on the command line and in reports."),
  from,
  to,
  mailboxes: mailboxes.prefault({}).describe("Which mailboxes, and under which names."),
  filter: filter.prefault({}).describe("Which messages; null means not set."),
  verify: z
    .enum(["after", "never"])
    .default("after")
    .describe("after: re-read what was written. never: only of archives; what an account got is always read back."),
  schedule: schedule
    .optional()
    .describe('When it runs by itself (daemon, schedule install): a cron line such as "30 2 * * *".'),
  pack: pack.optional().describe("Only of an archive: a dated, closed copy beside it."),
  retention: retention
    .optional()
    .describe("Which packs are kept; all by default. The living archive never loses a message."),
  when: when.optional().describe("What must be so, or the run is skipped."),
  staleAfter: staleAfter.optional(),
  hooks: hooks.optional().describe("Commands that go with a run: a program and its arguments, no shell."),
});

/** What is wrong with the mailbox that all go below, as the end of a sentence; undefined if nothing is. */
function checkUnder(text: string): string | undefined {
  return text.includes("*") ? "is not a mailbox: * has no meaning here" : checkTarget("*", text);
}

/** The one sentence for whatever is no source: of the mistakes of each kind, a union shows none. */
function describeSourceMistake(input: unknown): string | undefined {
  if (input === undefined) return undefined;
  const kinds = ["archive", "mbox", "maildir"];
  const wanted = "use the name of an account, { archive: PATH }, { mbox: PATH } or { maildir: PATH }";
  if (typeof input === "number" || typeof input === "boolean") {
    return `expected the name of an account, got ${input} (put it in quotes)`;
  }
  if (!isMapping(input)) return `expected a source, got ${showValue(input)}; ${wanted}`;
  const written = new Map<string, unknown>(Object.entries(input));
  const account = written.get("account");
  if (account !== undefined) {
    const name = typeof account === "string" ? quote(account) : "NAME";
    return `an account as a source is its name alone: from: ${name}`;
  }
  const unknown = [...written.keys()].find((key) => !kinds.includes(key));
  if (unknown !== undefined) {
    const meant = suggest(unknown, kinds);
    return `unknown key ${quote(unknown)}; ${meant === undefined ? wanted : `did you mean "${meant}"?`}`;
  }
  const [kind, another] = written.keys();
  if (kind === undefined) return `no source is named here; ${wanted}`;
  if (another !== undefined) return `a job has one source; keep one of ${[...written.keys()].join(", ")}`;
  return `${kind} takes a path, got ${showValue(written.get(kind))}`;
}
