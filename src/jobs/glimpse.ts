// A job file as far as it can be read, valid or not: what the search for contradictions looks at.

import { z } from "zod";
import { auth, protocol, tlsMode } from "./account-schema.ts";
import { format } from "./job-schema.ts";
import type { Path } from "./mistakes.ts";
import { date } from "./values.ts";

export interface Contradiction {
  readonly path: Path;
  readonly message: string;
}

const glimpse = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
const text = glimpse(z.string());

const account = z
  .object({
    protocol: glimpse(protocol),
    host: text,
    port: glimpse(z.number()),
    tls: glimpse(tlsMode),
    user: text,
    auth: glimpse(auth),
    allowInsecure: glimpse(z.boolean()),
  })
  .catch({});

const place = (kind: "archive" | "mbox" | "maildir") =>
  z.strictObject({ [kind]: z.string() }).transform((written) => ({ kind, path: String(written[kind]) }));

const target = z.record(z.string(), z.unknown()).transform((written) => ({
  /** The keys that are there, whatever they hold. */
  keys: new Set(Object.keys(written)),
  ...z.object({ archive: text, format: glimpse(format), account: text, keepRefused: text }).parse(written),
}));

const pack = z.object({ to: text });

const smtp = z.object({ host: text, tls: glimpse(tlsMode), user: text, password: glimpse(z.unknown()) });

const job = z
  .object({
    name: text,
    pack: glimpse(pack),
    retention: glimpse(z.object()),
    /** The name of an account, or mail on this machine. */
    from: glimpse(z.union([z.string(), place("archive"), place("mbox"), place("maildir")])),
    to: glimpse(target),
    filter: z.object({ since: glimpse(date), before: glimpse(date), unseen: glimpse(z.boolean()) }).catch({}),
    mailboxes: z
      .object({ map: z.record(z.string(), text).catch({}), specialUse: glimpse(z.boolean()) })
      .catch({ map: {} }),
  })
  .catch({ filter: {}, mailboxes: { map: {} } });

const file = z.object({
  accounts: glimpse(z.record(z.string(), account)),
  jobs: z.array(job).catch([]),
  notify: glimpse(z.object({ email: glimpse(z.object({ smtp: glimpse(smtp) })) })),
});

export type GlimpsedSmtp = z.output<typeof smtp>;
export type GlimpsedAccount = z.output<typeof account>;
export type GlimpsedJob = z.output<typeof job>;
export type GlimpsedSource = NonNullable<GlimpsedJob["from"]>;
export type GlimpsedTarget = NonNullable<GlimpsedJob["to"]>;

/** By name; undefined if the file's accounts can't be read, so that nobody is told that there is none. */
export type GlimpsedAccounts = ReadonlyMap<string, GlimpsedAccount> | undefined;

export interface GlimpsedFile {
  readonly accounts: GlimpsedAccounts;
  readonly jobs: readonly GlimpsedJob[];
  readonly smtp: GlimpsedSmtp | undefined;
}

/** Takes any data and never throws. */
export function glimpseFile(data: unknown): GlimpsedFile {
  const { accounts, jobs, notify } = file.catch({ jobs: [] }).parse(data);
  return {
    accounts: accounts === undefined ? undefined : new Map(Object.entries(accounts)),
    jobs,
    smtp: notify?.email?.smtp,
  };
}
