// Everything that a failing disk, a careless hand or another program may do to a small archive, one thing at a time.

import { appendFileSync, copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parsePartPath, partPath } from "../../src/formats/mbox-parts.ts";
import { filesOf, type Template } from "./damaged.ts";
import { spread } from "./kill-points.ts";

export interface Damage {
  readonly what: string;
  do(archive: string): void;
  /** How many messages `verify` has to name as damaged or lost; undefined where it has none to name, but the ledger or the marker. */
  readonly messages?: number;
  /** A message that was not there before. */
  readonly adds?: boolean;
  /** The marker names another account than the job: a run refuses it. */
  readonly isOther?: boolean;
  /** It harms nothing: `verify` is content. */
  readonly harmless?: boolean;
}

/** The files that matter: mail, ledgers, the marker. */
export function filesThatMatter({ archive }: Template): string[] {
  return filesOf(archive).filter((name) => /^mbox\/|^maildir\/(?:.*\/)?cur\/|^ledger\/|^mailferry\.json$/.test(name));
}

function isMail(name: string): boolean {
  return /^(?:mbox|maildir)\//.test(name);
}

function sizeOf({ archive }: Template, name: string): number {
  return readFileSync(join(archive, name)).length;
}

/** One bit of an octet, another each time, at so many places of each file (all of a shorter one). */
export function* flips(template: Template, perFile: number): Generator<Damage> {
  for (const name of filesThatMatter(template)) {
    const size = sizeOf(template, name);
    for (const [n, place] of placesIn(size, perFile).entries()) {
      const bit = 1 << (n % 8);
      const flipped = (archive: string) => {
        const octets = readFileSync(join(archive, name));
        octets[place] = (octets[place] ?? 0) ^ bit;
        return octets;
      };
      const marker = name === "mailferry.json" ? readMarker(flipped(template.archive)) : {};
      // That is for the version that can read it.
      if (marker === "of a later version") continue;
      yield {
        what: `bit ${bit} of octet ${place} of ${name} flipped`,
        ...(isMail(name) ? { messages: 1 } : {}),
        ...marker,
        do: (archive) => writeFileSync(join(archive, name), flipped(archive)),
      };
    }
  }
}

/** Places from 0 to `size`, itself not among them. */
function placesIn(size: number, most: number): number[] {
  if (size <= most) return Array.from({ length: size }, (_, place) => place);
  return spread(size, most).map((place) => place - 1);
}

/** What can be told of a marker: another account, date or id is as good as the right one, until a job has another account. */
function readMarker(octets: Buffer): Pick<Damage, "harmless" | "isOther"> | "of a later version" {
  try {
    const { archive, id, mail, account } = JSON.parse(octets.toString());
    if (typeof archive === "number" && archive > 2) return "of a later version";
    const { protocol, host, user } = account ?? {};
    const isMarker = (archive === 1 || archive === 2) && typeof id === "string" && ["mbox", "maildir"].includes(mail);
    const hasOwner = protocol === "imap" && typeof host === "string" && typeof user === "string";
    if (!isMarker || !hasOwner) return {};
    return { harmless: true, isOther: host !== "127.0.0.1" || user !== "ada" };
  } catch {
    return {};
  }
}

/** Every file cut at so many lengths. */
export function* cuts(template: Template, perFile: number): Generator<Damage> {
  for (const name of filesThatMatter(template)) {
    for (const length of placesIn(sizeOf(template, name), perFile)) {
      yield {
        what: `${name} cut to ${length} octets`,
        ...(name.startsWith("maildir/") ? { messages: 1 } : {}),
        ...(name === "mailferry.json" && length === sizeOf(template, name) - 1 ? { harmless: true } : {}),
        ...(/^ledger\//.test(name) ? { harmless: isLineEnd(template, name, length) } : {}),
        do: (archive) => truncateSync(join(archive, name), length),
      };
    }
  }
}

/** A ledger that ends with a line, before all that tells of mail, is as one of an empty mailbox. */
function isLineEnd({ archive }: Template, name: string, length: number): boolean {
  const octets = readFileSync(join(archive, name));
  const rest = octets.subarray(length).toString("latin1");
  const isEnd = length > 0 && octets[length - 1] === 0x0a;
  return isEnd && !rest.includes('"stored":[{');
}

export function* removals(template: Template): Generator<Damage> {
  for (const name of filesThatMatter(template)) {
    const isEmpty = name.includes("Empty");
    yield {
      what: `${name} removed`,
      ...(name.startsWith("maildir/") ? { messages: 1 } : {}),
      ...(isEmpty ? { harmless: true } : {}),
      do: (archive) => rmSync(join(archive, name)),
    };
  }
  yield { what: "all ledgers removed", do: (archive) => rmSync(join(archive, "ledger"), { recursive: true }) };
  yield { what: "all mail removed", do: (archive) => rmSync(join(archive, template.format), { recursive: true }) };
}

const letter = "From: eve@example.net\nSubject: not yours\n\nFrom somewhere else.\n".replace("\nFrom some", "\nsome");
const entry = `From eve@example.net Thu Jan  1 00:00:00 2026\n${letter}\n`;

/** Mail and other things that nobody here has written; copies of what is here. */
export function* additions(template: Template): Generator<Damage> {
  const inMail = filesThatMatter(template).filter(isMail);
  for (const name of filesThatMatter(template)) {
    if (name.startsWith("maildir/")) {
      const to = (archive: string, other: string) => join(archive, dirname(name), other);
      yield { what: `${name} under another name`, do: (a) => copyFileSync(join(a, name), to(a, "1.2.elsewhere:2,S")) };
      yield { what: `${name} with another flag, too`, do: (a) => copyFileSync(join(a, name), join(a, `${name}T`)) };
      yield { what: `${name} renamed`, do: (a) => renameSync(join(a, name), to(a, "1.2.renamed:2,S")) };
    } else if (name.endsWith(".jsonl")) {
      yield {
        what: `${name} copied`,
        do: (a) => copyFileSync(join(a, name), join(a, name.replace(".json", " 2.json"))),
      };
    }
  }
  for (const name of inMail.filter((each) => each.endsWith(".mbox"))) {
    const size = sizeOf(template, name);
    const change = (what: string, make: (octets: Buffer) => (Buffer | string)[]): Damage => ({
      what: `${name} ${what}`,
      ...(what.includes("with mail") ? { adds: true } : {}),
      // It looks as if a run had died: the next one moves it aside. Not in a part that was complete.
      ...(what === "twice" && isLastPart(inMail, name) ? { harmless: true } : {}),
      ...(size === 0 && what !== "with mail before all" && what !== "with rubbish at its end"
        ? { harmless: true }
        : {}),
      do(a) {
        const octets = readFileSync(join(a, name));
        writeFileSync(join(a, name), Buffer.concat(make(octets).map((part) => Buffer.from(part as Buffer))));
      },
    });
    const half = secondEntry(readFileSync(join(template.archive, name)));
    yield change("twice", (octets) => [octets, octets]);
    yield change("with mail before all", (octets) => [entry, octets]);
    yield change("with rubbish at its end", (octets) => [octets, "\0\0rubbish"]);
    if (size === 0) continue;
    yield change("with mail between", (octets) => [octets.subarray(0, half), entry, octets.subarray(half)]);
    yield change("with rubbish between", (octets) => [octets.subarray(0, half), "rubbish\n", octets.subarray(half)]);
    yield { what: `${name} copied`, do: (a) => copyFileSync(join(a, name), join(a, name.replace(".mbox", " 2.mbox"))) };
  }
  const here = template.format === "mbox" ? "mbox/Foreign.mbox" : "maildir/cur/1.2.foreign:2,";
  yield {
    what: "mail of another program",
    adds: true,
    do: (a) => writeFileSync(join(a, here), template.format === "mbox" ? entry : letter),
  };
  yield { what: "a file that is no mail", do: (a) => writeFileSync(join(a, here), "\x89PNG\r\n") };
  yield { what: "a ledger of nothing", do: (a) => writeFileSync(join(a, "ledger/notes.jsonl"), "notes\n") };
  yield { what: "a line in a ledger", do: (a) => appendFileSync(join(a, "ledger/Sent.jsonl"), "{}\n") };
}

function isLastPart(names: readonly string[], name: string): boolean {
  const { first, part } = parsePartPath(name) ?? { first: name, part: 1 };
  return !names.includes(partPath(first, part + 1));
}

function secondEntry(octets: Buffer): number {
  return octets.indexOf("\nFrom ", 1) + 1;
}
