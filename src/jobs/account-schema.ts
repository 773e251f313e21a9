// One account as the job file writes it.

import { isIPv6 } from "node:net";
import { z } from "zod";
import { connections, duration, isMapping, later, mapping, notSupported, path, size, words } from "./values.ts";
import { showValue } from "./words.ts";

const inWords = { error: ({ input }: { readonly input?: unknown }) => describeSecretMistake(input) };

export const secretRef = z.union(
  [
    z.strictObject(
      { env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "env is the name of an environment variable") },
      inWords,
    ),
    z.strictObject(
      { file: z.string().regex(/^[^\0]+$/, "file is the path of a file that holds the password alone") },
      inWords,
    ),
    z.strictObject({ command: z.tuple([z.string().min(1)], z.string()) }, inWords),
    z.strictObject(
      { keyring: z.string().regex(/^[^\p{Cc}]{1,255}$/u, "keyring is the name of an entry in the system's keyring") },
      inWords,
    ),
    z.strictObject(
      {
        credential: z
          .string()
          .regex(/^(?!\.{1,2}$)[\w.@+=,~-]{1,255}$/, "credential is a name that systemd knows, never a path"),
      },
      inWords,
    ),
  ],
  inWords,
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

const rate = size.refine((octets) => octets >= 1024, "must be at least 1 KiB a second");

/** Comes out as a list; hours in minutes after midnight. */
const bandwidth = z.union(
  [
    rate.transform((limit) => [{ limit, from: 0, to: 24 * 60 }]),
    z
      .array(
        mapping({
          limit: rate.describe("Octets a second."),
          hours: words(
            /^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
            'is not a time of day such as "08:00-18:30"',
          ).describe('Such as "08:00-18:30"; over midnight, "22:00-06:00".'),
        }).transform(({ limit, hours }) => ({ limit, ...parseHours(hours) })),
      )
      .min(1)
      .max(24),
  ],
  {
    error: ({ input }) =>
      input === undefined || isMapping(input) || Array.isArray(input)
        ? 'expected a size a second such as "2 MB", or a list such as [{ limit: 500 kB, hours: "08:00-18:00" }]'
        : `expected a size a second such as "2 MB", got ${showValue(input)}`,
  },
);

function parseHours(hours: string): { readonly from: number; readonly to: number } {
  const [from = 0, to = 0] = hours.split("-").map((time) => {
    const [hour = 0, minute = 0] = time.split(":").map(Number);
    return hour * 60 + minute;
  });
  return { from, to };
}

export const account = mapping(
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
    bandwidth: bandwidth
      .optional()
      .describe('Most octets a second, such as "2 MB"; or a list of { limit, hours }, with no limit at other hours.'),
    dailyLimit: size
      .optional()
      .describe(
        "Most octets of messages a day, as some providers have it (Gmail: 2500 MB); the rest comes the next day.",
      ),
  },
  { refused: later("accessToken") },
).describe("One account on one server.");

/** Never shows what is written there: where a reference is expected, people write passwords. */
function describeSecretMistake(input: unknown): string | undefined {
  if (input === undefined) return undefined;
  const wanted =
    "use { env: NAME }, { file: PATH }, { command: [PROGRAM, ARGUMENT] }, { keyring: NAME } or { credential: NAME }";
  if (typeof input === "string" || typeof input === "number") return `a password is never written here; ${wanted}`;
  return `not a reference to a password; ${wanted}`;
}
