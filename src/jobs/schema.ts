// The job file as it is written (version 1): every key, its default, and what it may hold. Contradictions between keys
// are in contradictions.ts, what a valid file becomes is in load.ts.

import { isIPv6 } from "node:net";
import { z } from "zod";
import { printable } from "../formats/printable.ts";
import { quote } from "./mistakes.ts";
import { checkPattern } from "./patterns.ts";
import { durationPattern, parseDuration, parseSize, sizePattern } from "./quantities.ts";
import { suggest } from "./suggest.ts";
import { showValue } from "./words.ts";

const notSupported = "is not supported by this version of mailferry";

/** A mapping that knows its keys. `later` are keys of the job file that other versions have. */
function mapping<Shape extends z.ZodRawShape>(shape: Shape, later: readonly string[] = []) {
  const unknownKey = z.custom<never>(() => false, {
    params: { unknownKey: true },
    error: (issue) => {
      const key = String(issue.path?.at(-1));
      if (later.includes(key)) return `this key ${notSupported}`;
      const meant = suggest(key, Object.keys(shape));
      return `unknown key ${quote(key)}${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
    },
  });
  return z.object(shape).catchall(unknownKey);
}

const words = (pattern: RegExp, message: string) =>
  z.string().regex(pattern, { error: (issue) => `${showValue(issue.input)} ${message}` });

const duration = z
  .string({ error: (issue) => `expected a duration such as "10m" or "60s", got ${showValue(issue.input)}` })
  .regex(durationPattern, {
    error: (issue) => `${showValue(issue.input)} is not a duration such as "10m" or "60s"`,
    abort: true,
  })
  .transform(parseDuration)
  .pipe(
    z
      .number()
      .min(1, "must not be zero")
      .max(20 * 86_400_000, "must be at most 20d"),
  );

const size = z
  .string({ error: (issue) => `expected a size such as "25 MB", got ${showValue(issue.input)}` })
  .regex(sizePattern, {
    error: (issue) => `${showValue(issue.input)} is not a size such as "25 MB" or "10 MiB"`,
    abort: true,
  })
  .transform(parseSize);

export const date = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: (issue) => `${showValue(issue.input)} is not a date such as 2015-01-31 or 2015-01-31T12:00:00Z`,
  })
  .transform((text) => new Date(text));

const path = words(/^[^\0]+$/, "is not a path");

const secretRef = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "env is the name of an environment variable") }),
    z.strictObject({ file: z.string().regex(/^[^\0]+$/, "file is the path of a file that holds the password alone") }),
    z.strictObject({ command: z.tuple([z.string().min(1)], z.string()) }),
  ],
  { error: (issue) => describeSecretMistake(issue.input) },
);

const fingerprint = words(
  /^SHA256:(?:(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}|[A-Za-z0-9+/]{43}=?)$/,
  'is not a fingerprint: "SHA256:" and 64 hexadecimal digits or 44 characters of base64',
);

export const protocol = z.enum(["imap", "pop3"]);
export const tlsMode = z.enum(["implicit", "starttls", "none"]);
export const auth = z.enum(["auto", "plain", "login", "apop"], {
  error: (issue) => (issue.input === "xoauth2" ? `xoauth2 ${notSupported}` : undefined),
});
export const format = z.enum(["mbox", "maildir"]);

const connections = z.int().min(1).max(32);

const account = mapping(
  {
    protocol: protocol.describe("What the server speaks."),
    host: z
      .string()
      .refine((host) => isIPv6(host) || /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(host), {
        error: (issue) => `${showValue(issue.input)} is not a host name; a port belongs in the key port`,
      })
      .describe("Host name or IP address of the server."),
    port: z.int().min(1).max(65_535).optional().describe("Default: 993 or 995 for implicit TLS, otherwise 143 or 110."),
    tls: tlsMode
      .default("implicit")
      .describe(
        "implicit: TLS from the first octet. starttls: required. none: only on loopback, or with allowInsecure: true.",
      ),
    user: words(/^[^\p{Cc}]+$/u, "is not a user name").describe("Log-in name, often the whole address."),
    password: secretRef.describe("Where the password is, never the password itself."),
    auth: auth.default("auto").describe("auto takes the best the server offers; apop is POP3 only."),
    tlsCa: path.optional().describe("PEM file of certificate authorities to trust instead of the system's."),
    tlsFingerprint: fingerprint
      .optional()
      .describe("SHA256: and the digest of the server's certificate: trust this one only."),
    allowInsecure: z
      .boolean()
      .default(false)
      .describe("Allows tls: none to a server that is not this machine. The password can be read on the way."),
    timeout: duration.optional().describe("Longest silence of this server."),
    connections: connections.optional().describe("Most connections to this account at once."),
  },
  ["accessToken"],
).describe("One account on one server.");

const patterns = z.array(
  z.string().refine((text) => checkPattern(text) === undefined, {
    error: (issue) => `${showValue(issue.input)} ${checkPattern(String(issue.input))}`,
  }),
);
const mailboxes = mapping(
  {
    include: patterns.default(["*"]).describe('Mailboxes to carry: "*" is all, ** any depth, \\Sent a special-use.'),
    exclude: patterns.default([]).describe("Mailboxes to leave out, even if included."),
    map: z
      .record(z.string(), z.string())
      .default({})
      .describe("Where a mailbox goes in the archive; the first pattern that matches decides."),
  },
  ["specialUse"],
);

const filter = mapping({
  since: date.nullable().default(null).describe("Only messages that arrived on this day (UTC) or later. IMAP only."),
  before: date.nullable().default(null).describe("Only messages that arrived before this day (UTC). IMAP only."),
  maxSize: size.nullable().default(null).describe("Only messages up to this size."),
  unseen: z
    .boolean()
    .nullable()
    .default(null)
    .describe("true: only unread messages; false: only read ones. IMAP only."),
});

const jobName = z
  .string()
  .min(1)
  .max(100)
  .refine((name) => name.trim() === name && !name.startsWith("-") && printable(name) === name, {
    error: (issue) =>
      `${showValue(issue.input)} is not a name: no spaces around it, no "-" before it, no control characters`,
  });

const job = mapping(
  {
    name: jobName.describe("What the job is called on the command line and in reports."),
    from: z
      .string({
        error: (issue) =>
          isMapping(issue.input) ? `an archive as a source ${notSupported}; name an account` : undefined,
      })
      .describe("The name of an account."),
    to: mapping(
      {
        archive: path.describe("Folder of the archive, relative to this file."),
        format: format.describe("mbox: one file for each mailbox. maildir: one file for each message."),
      },
      ["account", "under"],
    ),
    mailboxes: mailboxes.prefault({}).describe("Which mailboxes, and under which names."),
    filter: filter.prefault({}).describe("Which messages; null means not set."),
    verify: z.enum(["after", "never"]).default("after").describe("after: re-read what was written."),
  },
  ["schedule", "pack", "retention", "when", "staleAfter"],
);

const defaults = mapping(
  {
    concurrency: z.int().min(1).max(64).default(4).describe("Most mailboxes at work at once, over all jobs."),
    connections: connections.default(4).describe("Most connections to one account at once."),
    retry: mapping({
      attempts: z.int().min(1).max(100).default(5).describe("How often a connection is tried before the job gives up."),
      maxWait: duration.prefault("10m").describe("Longest wait between two attempts."),
    }).prefault({}),
    timeout: duration.prefault("60s").describe("Longest silence of a server."),
  },
  ["timezone", "language"],
);

const accountName = z.string().refine((name) => name !== "" && printable(name) === name, {
  error: (issue) => `${showValue(issue.input)} is not a name`,
});

/** The job file as it is written; what comes out has every default filled in, durations in milliseconds, sizes in octets. */
export const jobFileSchema = mapping(
  {
    version: z.literal(1).describe("Version of this format."),
    defaults: defaults.prefault({}).describe("What holds for every account and job."),
    accounts: z.record(accountName, account).describe("Who: accounts by a name of your choice."),
    jobs: z.array(job).min(1, "must have at least one job").describe("What is backed up, and where to."),
  },
  ["notify", "report"],
);

export type ValidJobFile = z.output<typeof jobFileSchema>;

/** JSON Schema (draft 2020-12) of the job file, for editors. */
export function jobFileJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(jobFileSchema, {
    target: "draft-2020-12",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "object") jsonSchema.additionalProperties = false;
    },
  });
  return { ...schema, title: "mailferry job file" };
}

function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Never shows what is written there: where a reference is expected, people write passwords. */
function describeSecretMistake(input: unknown): string | undefined {
  if (input === undefined) return undefined;
  const wanted = "use { env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT] }";
  if (typeof input === "string" || typeof input === "number") return `a password is never written here; ${wanted}`;
  const later = ["keyring", "credential"].find((key) => isMapping(input) && Object.hasOwn(Object(input), key));
  return later === undefined ? `not a reference to a password; ${wanted}` : `${later} ${notSupported}; ${wanted}`;
}
