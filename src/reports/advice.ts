// What to do about the outcome of a run.

import type { JobReport } from "../jobs/events.ts";
import type { Key, Words } from "./catalogue.ts";
import { type Html, html } from "./html.ts";

/** Commands to copy; absent where there is none that would do. */
export interface Commands {
  /** Runs the job again. */
  readonly again?: string | undefined;
  /** Reads the whole archive again. */
  readonly verify?: string | undefined;
}

type Text = Key & `do.${string}`;

interface Advice {
  readonly text: Text;
  readonly command?: string | undefined;
}

export function adviceSection(job: JobReport, commands: Commands, { say }: Words): Html {
  const items = adviceFor(job, commands).map(
    ({ text, command }) =>
      html`<li>${say(text)}${command === undefined ? "" : html` <code class="command">${command}</code>`}</li>\n`,
  );
  return html`<section class="do">
<h2>${say("do")}</h2>
<ul>
${items}</ul>
</section>`;
}

export function adviceFor(job: JobReport, commands: Commands): readonly Advice[] {
  switch (job.verdict) {
    case "safe":
      return [{ text: job.exit.name === "ok" ? "do.nothing" : "do.command-failed" }];
    case "rehearsal":
      return [{ text: "do.rehearsal" }];
    case "skipped":
      return [{ text: "do.condition" }];
    case "failed":
    case "incomplete":
      return [...byCode(job), ...byExit(job, commands)];
  }
}

function byExit({ exit, error, failures, verdict }: JobReport, { again, verify }: Commands): Advice[] {
  if (error?.code === "D507") return [{ text: "do.quota", command: again }];
  if (error?.code === "C702") return [{ text: "do.command-failed", command: again }];
  switch (exit.name) {
    case "log-in":
    case "temporary":
    case "destination":
    case "locked":
    case "job-file":
      return [{ text: `do.${exit.name}`, command: again }];
    case "bug":
      return [{ text: "do.bug" }];
    case "damaged":
      return [{ text: "do.damaged", command: verify }];
    case "incomplete":
      // What is wrong for good does not come by trying again; what else is missing may.
      return verdict === "incomplete" && failures.every(({ code }) => lasting.has(code)) && failures.length > 0
        ? []
        : [{ text: "do.retry", command: again }];
    default:
      return [{ text: "do.again", command: again }];
  }
}

const lasting = new Set(["M402", "M403", "M404"]);

function byCode({ failures }: JobReport): Advice[] {
  const codes = new Set(failures.map(({ code }) => code));
  return [
    ...(codes.has("M401") ? [{ text: "do.M401" } as const] : []),
    ...(codes.has("M402") || codes.has("M403") ? [{ text: "do.refused" } as const] : []),
    ...(codes.has("M404") ? [{ text: "do.M404" } as const] : []),
  ];
}
