// One mail over one connection (RFC 5321). nodemailer speaks; here is when it may, and how its failures are told.

import SMTPConnection from "nodemailer/lib/smtp-connection";
import { MailferryError } from "../errors.ts";
import { formsOfSecret, hideSecret } from "../formats/hide-secret.ts";
import { quoteServer } from "../formats/printable.ts";
import type { SmtpServer } from "../jobs/job.ts";
import { type DeliveryLimits, explainConnection, NotDelivered } from "./delivery.ts";

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it travels. */
  readonly raw: Buffer;
}

type Callback<T> = (error?: Failure | null, result?: T) => void;

/** As nodemailer's errors are. */
interface Failure extends Error {
  readonly code?: string | undefined;
  readonly originalCode?: string | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
}

/** So many silences long may all of it be. */
const mostSilences = 4;

/** Resolves with the recipients that were refused, if others were not. Rejects with NotDelivered. */
export async function sendMail(server: SmtpServer, mail: Mail, { silenceMs }: DeliveryLimits): Promise<string[]> {
  const { host, port, tls, tlsCa, login } = server;
  const connection = new SMTPConnection({
    host,
    port,
    secure: tls === "implicit",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    connectionTimeout: silenceMs,
    greetingTimeout: silenceMs,
    dnsTimeout: silenceMs,
    socketTimeout: silenceMs,
    socketCloseTimeout: 1_000,
    maxResponseSize: 64 * 1024,
    logger: false,
    tls: { minVersion: "TLSv1.2", ...(tlsCa === undefined ? {} : { ca: tlsCa }) },
  });
  let stage: Stage = "connect";
  const secrets: string[] = [];
  // A server that answers an octet at a time is silent, too, in its way.
  const deadline = AbortSignal.timeout(mostSilences * silenceMs);
  const broken = new Promise<never>((_, reject) => {
    connection.on("error", reject);
    deadline.addEventListener("abort", () => reject(Object.assign(new Error("too slow"), { code: "ETIMEDOUT" })));
  });
  broken.catch(() => undefined);
  const step = <T>(start: (done: Callback<T>) => void) =>
    Promise.race([
      broken,
      new Promise<T | undefined>((resolve, reject) => {
        start((error, result) => (error ? reject(error) : resolve(result)));
      }),
    ]);

  try {
    await step((done) => connection.connect(done));
    if (login !== undefined) {
      stage = "log-in";
      if (!connection.allowsAuth) throw new NotDelivered("the server offers no log-in", { isTemporary: false });
      const secret = await login.secret();
      secrets.push(...formsOfSecret(login.user, secret));
      await step((done) => connection.login({ user: login.user, pass: secret }, done));
    }
    stage = "send";
    const sent = await step<{ readonly rejected: readonly string[] }>((done) =>
      connection.send({ from: mail.from, to: [...mail.to], size: mail.raw.length }, mail.raw, done),
    );
    connection.quit();
    return [...(sent?.rejected ?? [])];
  } catch (error) {
    connection.close();
    throw explain(error as Failure, stage, secrets);
  }
}

type Stage = "connect" | "log-in" | "send";

function explain(
  error: Failure | NotDelivered | MailferryError,
  stage: Stage,
  secrets: readonly string[],
): NotDelivered {
  if (error instanceof NotDelivered) return error;
  if (error instanceof MailferryError) return new NotDelivered(error.message, { isTemporary: false });
  const { code, originalCode, response, responseCode } = error;
  // A server may quote the line that it did not like.
  const quoted = response === undefined ? "" : `: ${quoteServer(hideSecret(response, secrets))}`;
  if (responseCode !== undefined) {
    const isTemporary = responseCode < 500;
    if (stage === "log-in") return new NotDelivered(`the log-in was refused${quoted}`, { isTemporary });
    if (code === "ETLS")
      return new NotDelivered(`the server does not encrypt (STARTTLS)${quoted}`, { isTemporary: false });
    return new NotDelivered(`the server did not take the mail${quoted}`, { isTemporary });
  }
  // Once the mail is on its way, only an answer tells whether it arrived; a second one is worse than a reminder tomorrow.
  const isTemporary = stage !== "send";
  if (code === "ETIMEDOUT") return new NotDelivered("no answer", { isTemporary });
  if (code === "ETLS" || code === "EDNS" || code === "ESOCKET" || code === "ECONNECTION") {
    const cause = Object.assign(new Error("", { cause: error.cause }), {
      code: originalCode ?? (code === "EDNS" ? "ENOTFOUND" : "ECONNRESET"),
    });
    return new NotDelivered(explainConnection(cause), { isTemporary });
  }
  if (stage === "log-in") return new NotDelivered(`the log-in failed${quoted}`, { isTemporary: false });
  return new NotDelivered(`the mail could not be sent${quoted}`, { isTemporary: false });
}
