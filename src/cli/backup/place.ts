// Where the archive goes: where it is already, or a folder that a newcomer finds again, with room and a file system for it.

import { homedir } from "node:os";
import { join, resolve, sep } from "node:path";
import { MailferryError } from "../../errors.ts";
import { printable } from "../../formats/printable.ts";
import type { BackupAnswers } from "../../jobs/backup-answers.ts";
import type { ArchiveFormat } from "../../jobs/job.ts";
import { checkStillThere } from "../../jobs/known-archives.ts";
import { checkPlace, type LookedAtPlace, lookAtPlace } from "../../jobs/look-at-place.ts";
import { translate } from "../../language/sentences.ts";
import { type Invocation, Stopped } from "../invocation.ts";
import { stateDirectory } from "../job-file.ts";
import type { Guide, ProvenServer } from "./flags.ts";

export interface Place {
  /** Absolute. */
  readonly path: string;
  readonly format: ArchiveFormat;
  /** An archive of this account lies there: it goes on. */
  readonly goesOn: boolean;
  /** `--to`, or an earlier time, has said it. */
  readonly isGiven: boolean;
  readonly look: LookedAtPlace;
}

/** Of suggestions that others have taken. */
const mostSuggestions = 50;

/** Before anybody is asked. Rejects with D502, D504 or D506 where it was named and can't be used. */
export async function suggestPlace(
  server: ProvenServer,
  before: BackupAnswers | undefined,
  guide: Guide,
): Promise<Place> {
  const { flags, invocation, address } = guide;
  const isSame = before?.protocol === server.settings.protocol && before.host === server.settings.host;
  const given = flags.to !== undefined ? resolveHome(flags.to, invocation) : isSame ? before.place : undefined;
  if (given !== undefined) {
    await checkStillThere(stateDirectory(invocation), given);
    const format = isSame && before.place === given ? before.format : undefined;
    return placeOf(given, await lookAtPlace(given), server, guide, { isGiven: true, format });
  }
  const home = join(homeOf(invocation), "mailferry");
  for (let number = 1; ; number += 1) {
    const path = join(home, folderName(address.address) + (number === 1 ? "" : `-${number}`));
    const look = await lookAtPlace(path).catch((error: unknown) => {
      if (error instanceof MailferryError && number < mostSuggestions) return undefined;
      throw error;
    });
    if (look === undefined || !isFree(look, server)) continue;
    return placeOf(path, look, server, guide, { isGiven: false });
  }
}

/** For what somebody has typed. Rejects with D502, D504 or D506 where it can't be used. */
export async function typedPlace(text: string, server: ProvenServer, guide: Guide): Promise<Place> {
  const path = resolveHome(text, guide.invocation);
  return placeOf(path, await lookAtPlace(path), server, guide, { isGiven: true });
}

/** Nothing lies there, or the archive of this account. */
export function isFree({ archive }: LookedAtPlace, { settings }: ProvenServer): boolean {
  if (archive === undefined) return true;
  const isSame = archive.protocol === settings.protocol && archive.host.toLowerCase() === settings.host;
  return isSame && settings.users.includes(archive.user);
}

function placeOf(
  path: string,
  look: LookedAtPlace,
  server: ProvenServer,
  { flags }: Guide,
  { isGiven, format }: { readonly isGiven: boolean; readonly format?: ArchiveFormat | undefined },
): Place {
  const takesMaildir = look.disk?.takesColons !== false;
  const wanted = flags.format ?? look.archive?.format ?? format ?? (takesMaildir ? "maildir" : "mbox");
  checkPlace(path, look, wanted, isFree(look, server));
  const goesOn = look.archive !== undefined;
  return { path, format: wanted, goesOn, isGiven, look };
}

/** As a shell would have it. */
function resolveHome(path: string, invocation: Invocation): string {
  return resolve(
    invocation.cwd,
    path.replace(/^~(?=[/\\]|$)/, () => homeOf(invocation)),
  );
}

function homeOf({ env }: Invocation): string {
  return env.HOME?.startsWith("/") ? env.HOME : homedir();
}

/** `~/mailferry/ada@example.org`: short, and the way a person would type it. */
export function showPlace(path: string, invocation: Invocation): string {
  const home = homeOf(invocation);
  return printable(path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path);
}

/** An address may have characters that no name of a folder can, or that a shell takes for its own. */
function folderName(address: string): string {
  return address
    .replace(/[^\p{L}\p{N}@._+=-]/gu, "_")
    .replace(/^[.-]/, "_")
    .slice(0, 100);
}

/**
 * One question, where the place is not known yet: Enter starts, and another folder may be typed. Rejects with a Stopped for
 * a no.
 */
export async function choosePlace(
  suggested: Place,
  server: ProvenServer,
  guide: Guide,
  adviceOn: (place: Place) => { readonly warnings: readonly string[]; readonly notes: readonly string[] },
): Promise<Place> {
  const { invocation, say, tell } = guide;
  const { ask, options, screen } = invocation;
  let place = suggested;
  const look = () => {
    const { warnings, notes } = adviceOn(place);
    for (const note of notes) tell(note);
    for (const warning of warnings) tell(`! ${warning}`);
    return warnings.length === 0;
  };
  const isWell = look();
  if (ask === undefined || options.yes || (place.goesOn && isWell)) return place;
  if (place.isGiven && isWell) {
    if (await ask.confirm(say("ask.start"), true)) return place;
    throw new Stopped("interrupted");
  }
  for (;;) {
    const typed = await ask.text(say("ask.place"), showPlace(place.path, invocation));
    if (typed === "" || resolveHome(typed, invocation) === place.path) return place;
    try {
      place = await typedPlace(typed, server, guide);
      if (look()) return place;
    } catch (error) {
      if (!(error instanceof MailferryError)) throw error;
      screen.err(`${translate(printable(error.message), invocation.language)}\n`);
    }
  }
}
