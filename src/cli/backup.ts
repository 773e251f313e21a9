// mailferry backup: from a mail address to an archive that was compared with the server, in at most three questions. With
// the names of jobs it is `run`.

import type { Address } from "../detect/address.ts";
import type { World } from "../detect/world.ts";
import { exitCodes } from "../errors.ts";
import { type BackupAnswers, recallAnswers, rememberAnswers } from "../jobs/backup-answers.ts";
import type { RunReport } from "../jobs/events.ts";
import { askAddress, readAddress } from "./backup/address.ts";
import { type Backup, conclude } from "./backup/conclude.ts";
import { adviceOn, tellEstimate } from "./backup/estimate.ts";
import { type BackupFlags, type Guide, openGuide, type ProvenServer, tellTo } from "./backup/flags.ts";
import { fileOf, jobOf } from "./backup/job.ts";
import { type Opened, openAccount } from "./backup/log-in.ts";
import { offerJobFile } from "./backup/offer.ts";
import { checkPasswordFlags, getPassword } from "./backup/password.ts";
import { choosePlace, type Place, suggestPlace } from "./backup/place.ts";
import { findServer, sayPasswordKind } from "./backup/server.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { hasJobFile, stateDirectory } from "./job-file.ts";
import { performRun, tellReport } from "./perform.ts";
import { backupTexts } from "./texts/backup.ts";

/** `world` is what detection may ask; the real one if not given. */
export async function backup(
  names: readonly string[],
  flags: BackupFlags,
  invocation: Invocation,
  world?: World,
): Promise<number> {
  const say = backupTexts.in(invocation.language);
  const [first] = names;
  if (first === undefined) {
    if (await hasJobFile(invocation)) return runJobsOfFile(names, flags, invocation);
    if (invocation.ask === undefined) {
      const command = [...invocation.program, "backup", "ada@example.org"].join(" ");
      throw new UsageError(say("need.address", { command }));
    }
    return guidedStart(invocation, flags, world);
  }
  if (!names.some((name) => name.includes("@"))) return runJobsOfFile(names, flags, invocation);
  if (names.length > 1) throw new UsageError(say("one.address"));
  checkPasswordFlags(flags, invocation);
  return backUp(readAddress(first, flags, invocation), flags, invocation, world);
}

/** For somebody at a terminal who has typed no more than the program's name. */
export async function guidedStart(invocation: Invocation, flags: BackupFlags = {}, world?: World): Promise<number> {
  const tell = tellTo(invocation);
  tell(backupTexts.in(invocation.language)("welcome"));
  tell("");
  return backUp(await askAddress(invocation), flags, invocation, world);
}

async function runJobsOfFile(names: readonly string[], flags: BackupFlags, invocation: Invocation): Promise<number> {
  const [flag] = Object.keys(flags);
  if (flag !== undefined) {
    const typed = `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UsageError(backupTexts.in(invocation.language)("only.addresses", { flag: typed }));
  }
  return (await import("./run.ts")).run(names, false, invocation);
}

async function backUp(
  address: Address,
  flags: BackupFlags,
  invocation: Invocation,
  world: World | undefined,
): Promise<number> {
  const guide = openGuide(address, flags, invocation, world);
  const before = await recallAnswers(stateDirectory(invocation), address.address);
  const server = await findServer(guide, before);
  const suggested = await suggestPlace(server, before, guide);
  sayPasswordKind(server, guide);
  guide.tell("");
  const outcome = await logIn(server, suggested, guide);
  if ("report" in outcome) return tellReport(outcome.report, invocation);
  const { account, rehearsal } = outcome.opened;
  if (rehearsal !== undefined) tellEstimate(rehearsal, guide);
  if (invocation.options.dryRun) return start(server, suggested, outcome.opened, guide);
  const place = await choosePlace(suggested, server, guide, (each) => adviceOn(each, rehearsal, guide));
  const { protocol, host, port, tls } = server.settings;
  const answers: BackupAnswers = {
    ...{ address: address.address, protocol, host, port, tls, user: account.user },
    ...{ place: place.path, format: place.format },
  };
  await rememberAnswers(stateDirectory(invocation), answers);
  return start(server, place, outcome.opened, guide);
}

/** Whoever types may mistype once. */
async function logIn(
  server: ProvenServer,
  place: Place,
  guide: Guide,
): Promise<{ readonly opened: Opened } | { readonly report: RunReport }> {
  const { say, tell } = guide;
  const [user = ""] = server.settings.users;
  for (let attempt = 1; ; attempt += 1) {
    const password = await getPassword(guide, user);
    const outcome = await openAccount(server, place, password, guide);
    if ("opened" in outcome || !outcome.isRefused || !password.isTyped || attempt === 2) return outcome;
    tell(say("refused.again", { user }));
  }
}

async function start(server: ProvenServer, place: Place, { account }: Opened, guide: Guide): Promise<number> {
  const { invocation } = guide;
  const job = jobOf(account, place.path, place.format);
  const backup: Backup = { guide, server, account, job, place: place.path };
  guide.tell("");
  const exit = await performRun(
    {
      command: "backup",
      jobs: [job],
      concurrency: 4,
      following: { trigger: "person", file: fileOf(job, account, invocation) },
      conclude: (report) => conclude(backup, report),
    },
    invocation,
  );
  // Whoever comes again has been asked before.
  if (exit === exitCodes.ok && !place.goesOn && !invocation.options.dryRun) await offerJobFile(backup);
  return exit;
}
