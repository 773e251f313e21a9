import { spanOf } from "../formats/mbox-parts.ts";
import type { Stored } from "../message.ts";
import type { MailSurvey, Stray } from "../storage/survey.ts";
import { areOverlapping } from "../storage/survey-mbox.ts";

/** What is left on the disk of a message that is not intact. */
export function findRemains({ place }: Stored, { strays }: MailSurvey): Stray[] {
  const spans = spanOf(place);
  return strays.filter(({ kind, where }) => {
    if (kind !== "remains") return false;
    if ("span" in where) return spans.some((span) => areOverlapping(span, where.span));
    return where.file.slice(where.file.indexOf("/") + 1).split(":", 1)[0] === place.file;
  });
}
