// One account as the job file writes it.

import { isIPv6 } from "node:net";
import { z } from "zod";
import { connections, duration, isMapping, later, mapping, notSupported, path, words } from "./values.ts";
import { showValue } from "./words.ts";

const inWords = { error: ({ input }: { readonly input?: unknown }) => describeSecretMistake(input) };

const secretRef = z.union(
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
  },
  { refused: later("accessToken") },
).describe("One account on one server.");

/** Never shows what is written there: where a reference is expected, people write passwords. */
function describeSecretMistake(input: unknown): string | undefined {
  if (input === undefined) return undefined;
  const wanted = "use { env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT] }";
  if (typeof input === "string" || typeof input === "number") return `a password is never written here; ${wanted}`;
  const known = ["keyring", "credential"].find((key) => isMapping(input) && Object.hasOwn(input, key));
  return known === undefined ? `not a reference to a password; ${wanted}` : `${known} ${notSupported}; ${wanted}`;
}
