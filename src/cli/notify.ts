// mailferry notify: tries every way in which the job file wants to tell, before it is needed.

import { hostname } from "node:os";
import { type ExitName, exitCodes, MailferryError } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import { loadJobFile } from "../jobs/load.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { attempt, type Outcome, openChannels } from "../notify/channels.ts";
import { usualLimits } from "../notify/delivery.ts";
import { originOf } from "../notify/http.ts";
import { composeTest } from "../notify/letter.ts";
import { ping } from "../notify/ping.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile } from "./job-file.ts";
import { notifyTexts } from "./texts/notify.ts";

/** Sends a test message over each channel at the same time. Returns the exit code: ok, or temporary if one failed. */
export async function notifyTest(invocation: Invocation): Promise<number> {
  const { options, screen, env, clock, language: shown } = invocation;
  const path = await findJobFile(invocation);
  const { notify: plan, language, jobs } = await loadJobFile(path, env);
  const channels = plan === undefined ? [] : openChannels(plan, usualLimits);
  const pinged = plan?.ping;
  if (channels.length === 0 && pinged === undefined) {
    throw new MailferryError("C701", `${printable(path)} names nobody to notify`, {
      scope: "session",
      retry: "never",
      remedy: "Add notify with email, ping, ntfy or webhook (jobs.example.yaml shows how).",
    });
  }
  const letter = composeTest({ language, host: hostname(), at: clock(), timeZone: jobs[0]?.timeZone });
  const tries = channels.map(({ name, place, send }) => attempt(name, place, () => send(letter)));
  if (pinged !== undefined) {
    const deliver = async () => {
      await ping(pinged.url, "success", letter.subject, usualLimits);
      return "the monitor counts it as a success";
    };
    tries.push(attempt("ping", originOf(pinged.url), deliver));
  }
  const outcomes = await Promise.all(tries);
  const name: ExitName = outcomes.every(({ isDelivered }) => isDelivered) ? "ok" : "temporary";
  const exit = { code: exitCodes[name], name };
  if (options.json) {
    const verdict = name === "ok" ? "safe" : "failed";
    const results = outcomes.map(({ isDelivered: delivered, ...rest }) => ({ ...rest, delivered }));
    await screen.out(`${jsonText({ v: 1, command: "notify test", verdict, exit, channels: results })}\n`);
  } else if (!options.quiet || name !== "ok") {
    const { green, red } = screen.outPaint;
    await screen.out(outcomes.map((outcome) => `${lineOf(outcome, { green, red }, shown)}\n`).join(""));
  }
  return exit.code;
}

type Colours = Pick<Invocation["screen"]["outPaint"], "green" | "red">;

function lineOf({ channel, place, isDelivered, remark }: Outcome, { green, red }: Colours, language: Language): string {
  const say = notifyTexts.in(language);
  const word = isDelivered ? green(say("sent").padEnd(10)) : red(say("not-sent").padEnd(10));
  const line = { channel: channel.padEnd(10), word, place };
  return remark === undefined
    ? say("line", line)
    : say("line.remark", { ...line, remark: translate(remark, language) });
}
