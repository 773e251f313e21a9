// Where mail, and what is remembered of it, is written to.

import { access } from "node:fs/promises";
import { dirname } from "node:path";
import type { Job, LoadedJobFile } from "../../jobs/job.ts";
import {
  type ArchiveHealth,
  archiveHealth,
  knownArchives,
  type PlaceHealth,
  placeHealth,
} from "../../jobs/place-health.ts";
import { placeName } from "../names.ts";
import { unitsIn } from "../units.ts";
import { type Finding, findingOf, type Practice } from "./finding.ts";

/** Less than this is little for the mail of a night. */
const littleOctets = 1_000_000_000;
/** And this is nothing: a ledger that is written anew takes as much. */
const nothingOctets = 16 * 1024 * 1024;

interface Place {
  readonly path: string;
  readonly kind: "state" | "archive" | "packs" | "reports";
  /** One file for each mailbox, or for all: it may grow beyond what a file system holds. */
  readonly hasLargeFiles: boolean;
  /** Files are named as Maildir has it, with a colon. */
  readonly hasColons: boolean;
  readonly isKnownOnly?: boolean;
  /** Where this is not, runs are skipped. */
  readonly waitsFor?: string | undefined;
}

/** `file` is undefined where it can't be read: the archives that are known from earlier runs are looked at all the same. */
export async function examinePlaces(file: LoadedJobFile | undefined, practice: Practice): Promise<Finding[]> {
  const { state } = practice;
  const places = new Map<string, Place>();
  const add = (place: Place) => {
    if (!places.has(place.path)) places.set(place.path, place);
  };
  add({ path: state, kind: "state", hasLargeFiles: false, hasColons: false });
  for (const job of file?.jobs ?? []) for (const place of placesOf(job)) add(place);
  const { html, metrics } = file?.report ?? {};
  for (const path of [html, metrics && dirname(metrics)])
    if (path !== undefined) add({ path, kind: "reports", hasLargeFiles: false, hasColons: false });
  for (const path of await knownArchives(state))
    add({ path, kind: "archive", hasLargeFiles: false, hasColons: false, isKnownOnly: true });
  const findings: Finding[] = [];
  for (const place of places.values()) findings.push(...(await examine(place, practice)));
  return findings;
}

function placesOf({ to, pack, when }: Job): Place[] {
  const waitsFor = when?.pathExists;
  const places: Place[] = [];
  if ("archive" in to) {
    const isMbox = to.format === "mbox";
    places.push({ path: to.archive, kind: "archive", hasLargeFiles: isMbox, hasColons: !isMbox, waitsFor });
  }
  if ("account" in to && to.keepRefused !== undefined)
    places.push({ path: to.keepRefused, kind: "reports", hasLargeFiles: false, hasColons: false, waitsFor });
  if (pack !== undefined)
    places.push({ path: pack.to, kind: "packs", hasLargeFiles: true, hasColons: false, waitsFor });
  return places;
}

async function examine(place: Place, practice: Practice): Promise<Finding[]> {
  const { say, state, invocation } = practice;
  const { path, kind, waitsFor } = place;
  const name = kind === "state" ? "state" : `${kind}:${path}`;
  const subject = say(`place.${kind}`, { path: placeName(path, invocation.cwd) });
  if (waitsFor !== undefined && !(await isThere(waitsFor))) {
    const text = say("place.waits", { subject, path: placeName(waitsFor, invocation.cwd) });
    return [{ name, level: "info", text }];
  }
  let archive: ArchiveHealth | undefined;
  try {
    if (kind === "archive") archive = await archiveHealth(path, state);
  } catch (error) {
    // No job of this file needs one that is only known from earlier runs.
    const level = place.isKnownOnly ? "warning" : "error";
    return [{ ...findingOf(name, error, practice), level }];
  }
  // What no job of this file writes to is only looked for.
  if (place.isKnownOnly) return [];
  const health = await placeHealth(path);
  if ("error" in health.trial) return [findingOf(name, health.trial.error, practice)];
  const whole: Finding[] = [
    spaceOf(name, subject, place, health, practice),
    ...limitsOf(name, subject, place, health, practice),
  ];
  if (archive?.hasDeadLock) whole.push({ name, level: "info", text: say("place.dead-lock", { subject }) });
  return whole;
}

function spaceOf(name: string, subject: string, { kind }: Place, health: PlaceHealth, { say, language }: Practice) {
  const { isThere, free, fileSystem } = health;
  const units = unitsIn(language);
  const on = fileSystem.name === undefined ? "" : ` (${fileSystem.name})`;
  const room = free === undefined ? say("place.free.unknown") : say("place.free", { size: units.octets(free.octets) });
  const text = say(isThere ? "place.writable" : "place.to-be-made", { subject, room: `${room}${on}` });
  const remedy = say("place.full.do");
  if (free?.takesNoFile || (free !== undefined && free.octets < nothingOctets))
    return { name, level: "error", text, remedy, code: "D501", exit: "destination" } as const;
  const isLittle = free !== undefined && free.octets < littleOctets && (kind === "archive" || kind === "packs");
  return isLittle ? ({ name, level: "warning", text, remedy } as const) : ({ name, level: "ok", text } as const);
}

function limitsOf(name: string, subject: string, place: Place, health: PlaceHealth, { say }: Practice): Finding[] {
  const { fileSystem, trial } = health;
  const findings: Finding[] = [];
  const add = (level: "info" | "warning" | "error", key: LimitKey, more: Partial<Finding> = {}) =>
    findings.push({ name, level, text: say(key, { subject }), ...more });
  if ("error" in trial) return [];
  if (place.hasColons && !trial.takesColons)
    add("error", "limit.colons", { remedy: say("limit.colons.do"), code: "D504", exit: "destination" });
  if (place.hasLargeFiles && fileSystem.largestFile !== undefined)
    add("warning", "limit.file-size", { remedy: say("limit.file-size.do"), code: "D503" });
  if (!trial.takesLongNames && place.kind === "archive") add("info", "limit.long-names", { code: "D504" });
  if (trial.foldsCase && place.kind === "archive") add("info", "limit.case");
  if (fileSystem.isVolatile) add("warning", "limit.volatile", { remedy: say("limit.volatile.do") });
  if (fileSystem.isRemote) add("info", "limit.remote");
  return findings;
}

type LimitKey =
  | "limit.colons"
  | "limit.file-size"
  | "limit.long-names"
  | "limit.case"
  | "limit.volatile"
  | "limit.remote";

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
