// Who is told of a run: from what is written to what is used, with secrets behind a door.

import type { NotifyPlan } from "./job.ts";
import type { ValidJobFile } from "./schema.ts";
import { once, readSecret, resolveSecret } from "./secrets.ts";

type Written = NonNullable<ValidJobFile["notify"]>;

/** `tlsCa`: the PEM text that the SMTP server's leads to. */
export function toNotifyPlan(
  { when, email, ntfy, ...notify }: Written,
  {
    tlsCa,
    baseDir,
    env,
    childEnv,
  }: {
    readonly tlsCa: string | undefined;
    readonly baseDir: string;
    readonly env: NodeJS.ProcessEnv;
    /** Of the commands that give passwords. */
    readonly childEnv: () => NodeJS.ProcessEnv;
  },
): NotifyPlan {
  const door = (ref: NonNullable<NonNullable<Written["ntfy"]>["token"]>) =>
    once(() => readSecret(resolveSecret(ref, baseDir), baseDir, "command" in ref ? childEnv() : env));
  return {
    ...notify,
    when: new Set(when),
    email: email && { to: email.to, from: email.from ?? email.to[0] ?? "", smtp: toServer(email.smtp, tlsCa, door) },
    ntfy: ntfy && { url: ntfy.url, topic: ntfy.topic, secret: ntfy.token && door(ntfy.token) },
  };
}

function toServer(
  { host, port, tls, user, password }: NonNullable<Written["email"]>["smtp"],
  tlsCa: string | undefined,
  door: (ref: NonNullable<typeof password>) => () => Promise<string>,
): NonNullable<NotifyPlan["email"]>["smtp"] {
  const login = user === undefined || password === undefined ? undefined : { user, secret: door(password) };
  return { host, port: port ?? (tls === "implicit" ? 465 : 587), tls, login, tlsCa };
}
