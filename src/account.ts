// An account as the protocols need it: parsed, complete, with the secret still behind a door. Imports nothing.

export type TlsMode = "implicit" | "starttls" | "none";

/** Minutes after midnight; `to` is before `from` where midnight lies between. */
export interface BandwidthLimit {
  /** Octets a second. */
  readonly limit: number;
  readonly from: number;
  readonly to: number;
}

export interface Account {
  readonly protocol: "imap" | "pop3";
  readonly host: string;
  readonly port: number;
  /** `starttls` is required, never opportunistic; `none` has been allowed by the job file. */
  readonly tls: TlsMode;
  readonly user: string;
  readonly auth: "auto" | "plain" | "login" | "apop";
  /** Asked for once per session, and only when the channel is proven. What it gives never leaves the log-in. */
  readonly secret: () => Promise<string>;
  /** Where the secret is kept, such as `env NAME`: tells an entry that was changed. Nothing of the secret is in it. */
  readonly secretPlace?: string | undefined;
  /** Allows log-ins, and hears of them. */
  readonly logIns?: LogInWatch | undefined;
  /** PEM text of certificate authorities to trust instead of the system's. */
  readonly tlsCa?: string | undefined;
  /** `SHA256:` and the base64 or colon-separated hexadecimal digest of the server's certificate (DER). */
  readonly tlsFingerprint?: string | undefined;
  /** Longest silence of a server, for connecting, greeting and each command. */
  readonly timeoutMs: number;
  /** Most connections at once. */
  readonly connections: number;
  /** Limits by time of day; none at other times. */
  readonly bandwidth?: readonly BandwidthLimit[] | undefined;
  /** Octets of messages a day, in and out together. */
  readonly dailyLimit?: number | undefined;
}

/** What keeps a password that was refused from being tried until the provider locks the account. */
export interface LogInWatch {
  /** Called before a connection is opened. Rejects where no log-in is to be tried. */
  allow(): Promise<void>;
  /** The server has refused the log-in, with this error. Resolves with the error to tell; never rejects. */
  refused(error: Error): Promise<Error>;
  /** The server has granted it. `isOpen` tells whether that session is still open. Never rejects. */
  granted(isOpen: () => boolean): Promise<void>;
}

/** How an account is named on screen: `ada@imap.example.org`, or the user alone where that is an address already. */
export function describeAccount({ user, host }: Pick<Account, "user" | "host">): string {
  return user.includes("@") ? user : `${user}@${host}`;
}
