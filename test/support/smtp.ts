// An SMTP server on loopback that keeps what it is sent, and a reader for that.

import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface SentMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

export interface SmtpStage extends AsyncDisposable {
  readonly port: number;
  readonly mails: SentMail[];
  /** `user password` of each log-in that was tried. */
  readonly logins: string[];
  /** Connections so far. */
  readonly connections: () => number;
}

/** Takes everything from everybody without encryption, unless told otherwise. Who logs in has the password `right`. */
export async function startSmtp(options: SMTPServerOptions = {}): Promise<SmtpStage> {
  const mails: SentMail[] = [];
  const logins: string[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key === undefined ? ["STARTTLS"] : [],
    allowInsecureAuth: options.key === undefined,
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_, done) {
      connections++;
      done();
    },
    onAuth({ username, password }, _, done) {
      logins.push(`${username} ${password}`);
      if (password?.endsWith("right")) done(null, { user: username ?? "" });
      else done(new Error(`not ${password}`));
    },
    onData(stream, { envelope }, done) {
      let raw = "";
      stream.setEncoding("utf8").on("data", (text: string) => {
        raw += text;
      });
      stream.on("end", () => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw });
        done();
      });
    },
    ...options,
  });
  // A client that hangs up is its own affair.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins,
    connections: () => connections,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  };
}

export interface ReadMail {
  /** Unfolded and decoded, by their names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
}

/** As much of MIME as these mails need. */
export function readMail(raw: string): ReadMail {
  const { headers, body } = split(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers.get("content-type") ?? "")?.[1] ?? "none";
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\r\n/, "")));
  const contentOf = (type: string) => {
    const part = parts.find((one) => one.headers.get("content-type")?.startsWith(type));
    return part === undefined ? "" : decode(part.body, part.headers.get("content-transfer-encoding") ?? "");
  };
  return { headers, text: contentOf("text/plain"), html: contentOf("text/html") };
}

function split(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.indexOf("\r\n\r\n");
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]/g, " ")
    .split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())];
    }),
  );
  return { headers, body: raw.slice(end + 4) };
}

function decode(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString();
  return encoding === "quoted-printable" ? unquote(body.replace(/=\r\n/g, "")) : body;
}

/** RFC 2047 */
export function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === "b" ? Buffer.from(word, "base64").toString() : unquote(word.replaceAll("_", " ")),
    );
}

function unquote(text: string): string {
  const octets = text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(octets, "latin1").toString();
}
