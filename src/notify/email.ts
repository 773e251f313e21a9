// A message as a mail: text and HTML, from a program, to people.

import MailComposer from "nodemailer/lib/mail-composer";
import { printable } from "../formats/printable.ts";
import type { NotifyPlan } from "../jobs/job.ts";
import { type DeliveryLimits, twice } from "./delivery.ts";
import type { Letter } from "./letter.ts";
import { formatHtml } from "./mail-html.ts";
import { formatText } from "./mail-text.ts";
import { sendMail } from "./smtp.ts";

type Email = NonNullable<NotifyPlan["email"]>;

/** Resolves with a remark where only some of the recipients get it. Rejects with NotDelivered. */
export async function sendEmail(email: Email, letter: Letter, limits: DeliveryLimits): Promise<string | undefined> {
  const { from, to, smtp } = email;
  // Made once: a second try carries the same Message-ID.
  const raw = await composeMail(email, letter);
  const refused = await twice(() => sendMail(smtp, { from, to, raw }, limits), limits);
  return refused.length === 0 ? undefined : `the server refused it for ${refused.map(printable).join(", ")}`;
}

export async function composeMail({ from, to }: Pick<Email, "from" | "to">, letter: Letter): Promise<Buffer> {
  const composer = new MailComposer({
    from: { name: "mailferry", address: from },
    to: [...to],
    subject: letter.subject,
    date: letter.setting.at,
    text: formatText(letter),
    html: formatHtml(letter),
    // RFC 3834: nobody's holiday answers this.
    headers: { "Auto-Submitted": "auto-generated", "Content-Language": letter.setting.language },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
