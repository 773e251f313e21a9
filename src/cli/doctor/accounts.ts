// Each account: whether its password is there, whether a refused log-in has paused it, and whether its server answers.
// Nobody logs in: that is `account test`.

import type { Account } from "../../account.ts";
import { printable } from "../../formats/printable.ts";
import type { LoadedJobFile } from "../../jobs/job.ts";
import { isPaused, recallLogIns } from "../../jobs/log-in-memory.ts";
import { type Reached, reachAll } from "../../jobs/reach.ts";
import { unitsIn } from "../units.ts";
import { type Finding, findingOf, type Practice } from "./finding.ts";

const dayMs = 86_400_000;
/** Authorities that give a certificate for 90 days renew it 30 days before its end: one that gets this near was forgotten. */
const endsSoonMs = 7 * dayMs;

export async function examineAccounts(
  { accounts }: LoadedJobFile,
  asksNetwork: boolean,
  practice: Practice,
): Promise<Finding[]> {
  const entries = [...accounts].map(([name, { account }]) => ({ name, account }));
  const reached = asksNetwork ? await reachAll(entries.map(({ account }) => account)) : [];
  const findings: Finding[] = [];
  for (const [index, { name, account }] of entries.entries()) {
    findings.push(await examineSecret(name, account, practice));
    findings.push(...(await examinePause(name, account, practice)));
    const outcome = reached[index];
    if (outcome !== undefined) findings.push(judge(name, account, outcome, practice));
  }
  return findings;
}

/** It is read, and forgotten. */
async function examineSecret(entry: string, account: Account, practice: Practice): Promise<Finding> {
  const { say } = practice;
  const name = `account:${entry}`;
  try {
    await account.secret();
    return { name, level: "ok", text: say("account.secret", { name: printable(entry) }) };
  } catch (error) {
    return findingOf(name, error, practice, say("account.of", { name: printable(entry) }));
  }
}

async function examinePause(entry: string, account: Account, { say, state }: Practice): Promise<Finding[]> {
  const memory = await recallLogIns(account, state).catch(() => undefined);
  if (memory === undefined || !isPaused(memory)) return [];
  const [name, text] = [`account:${entry}`, say("account.paused", { name: printable(entry) })];
  return [{ name, level: "warning", text, remedy: say("account.paused.do"), code: "A201" }];
}

function judge(
  entry: string,
  { host, port, tls }: Account,
  outcome: Reached | { readonly error: unknown },
  practice: Practice,
): Finding {
  const { say, now } = practice;
  const [name, subject] = [`server:${entry}`, printable(entry)];
  if ("error" in outcome) return findingOf(name, outcome.error, practice, say("account.of", { name: subject }));
  const place = `${printable(host)}:${port}`;
  if (tls === "none") return { name, level: "info", text: say("server.plain", { name: subject, place }) };
  const { tls: version = "TLS", certificateEnds } = outcome;
  const ends = certificateEnds?.getTime() ?? Number.NaN;
  const date = unitsIn("en").date(certificateEnds).slice(0, 10);
  const filling = { name: subject, place, version: version.replace("TLSv", "TLS "), date };
  if (Number.isNaN(ends) || ends - now.getTime() > endsSoonMs)
    return { name, level: "ok", text: say(date === "" ? "server.tls" : "server", filling) };
  return { name, level: "warning", text: say("server.ends-soon", filling), remedy: say("server.ends-soon.do") };
}
