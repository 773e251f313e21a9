// What is said of deliveries and schedulers has its French form: its sentences are found in the source.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { translate, translateKnown } from "../../src/language/sentences.ts";

const read = (path: string) => readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");

function found(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) => [...read(path).matchAll(pattern)].map((match) => match.at(-1) ?? ""));
}

const withoutFrench = (sentences: readonly string[]) =>
  sentences.filter((sentence) => translateKnown(sentence, "fr") === undefined);

test("why a message was not delivered", () => {
  const words = found(["notify/delivery.ts"], /\["[A-Z_]+", "(.*?)"\]/g);
  const reasons = found(["notify/smtp.ts", "notify/http.ts"], /new NotDelivered\((["`])(.*?)\1/g).flatMap((reason) => [
    reason.replace(/\$\{quoted\}/, "").replace(/\$\{status\}/, "500"),
    reason.replace(/\$\{quoted\}/, ': "550 5.7.1 no"').replace(/\$\{status\}/, "302"),
  ]);
  expect([words.length > 14, reasons.length > 14]).toEqual([true, true]);
  expect(withoutFrench([...words, ...reasons])).toEqual([]);
  expect(translate("could not notify by ntfy (https://ntfy.example): it answered 403", "fr")).toBe(
    "avis par ntfy (https://ntfy.example) impossible\u00a0: il a répondu 403",
  );
});

test("why a scheduler can't run a job", () => {
  const refused = [
    ...found(["schedule/systemd.ts", "schedule/launchd.ts"], /refused: "(.*?)"/g),
    ...found(["schedule/crontab.ts"], /(?:return|\?) ["`]((?:can't|takes) .*?)["`]/g).map((words) => `cron ${words}`),
    "launchd knows this machine's time zone (UTC) only, and the job's is Europe/Paris",
  ].map((words) => `nightly, weekly with schedule "0 2 L * *": ${words}`);
  expect(refused.length).toBeGreaterThan(7);
  expect(withoutFrench(refused)).toEqual([]);
  expect(translate(refused.at(-1) ?? "", "fr")).toBe(
    'nightly, weekly, avec schedule: "0 2 L * *"\u00a0: launchd ne connaît que le fuseau horaire de cette machine (UTC), et celui de la tâche est Europe/Paris',
  );
});
