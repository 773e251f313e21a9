// What a summary says of a job's packs.

import { printable } from "../formats/printable.ts";
import type { JobReport, PackReport } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { type Block, lineWidth } from "./block.ts";
import { titleOf } from "./failures.ts";
import { placeName } from "./names.ts";
import { packTexts as texts } from "./texts/packs.ts";
import { wordTexts } from "./texts/words.ts";
import { unitsIn } from "./units.ts";
import { displayWidth, padding, wrap } from "./width.ts";

const mostListed = 40;

type Say = ReturnType<(typeof texts)["in"]>;

export interface PackTexts {
  /**
   * What became of the packs: `Packed: nightly-2026-11-01T023000Z.tar.gz (31.4 MB, 30,999 messages, read back intact); 2
   * older packs removed, 12 kept`.
   */
  readonly headline: readonly string[];
  /** All that stay and go, and why; only of a rehearsal, or where the `whole` is wanted. */
  readonly lists: readonly string[];
}

/** Lines without indentation. */
export function packTexts(
  { pack }: JobReport,
  { cwd, whole, language }: { readonly cwd: string; readonly whole: boolean; readonly language: Language },
): PackTexts {
  if (pack === undefined) return { headline: [], lists: [] };
  const line = wrap(headline(pack, cwd, language), lineWidth - 4);
  return {
    headline: line.map((text, index) => (index === 0 ? text : `  ${text}`)),
    lists: pack.planned !== undefined || whole ? lists(pack, whole, language) : [],
  };
}

function headline(pack: PackReport, cwd: string, language: Language): string {
  const say = texts.in(language);
  const { written, planned, notDueUntil, heldBack, kept, removed } = pack;
  const stay = say("kept-count", { count: kept.length });
  const withCount = (first: string, second = stay) => wordTexts.in(language)("both", { first, second });
  if (written !== undefined) {
    const { file, octets, messages } = written;
    const size = unitsIn(language).octets(octets);
    const counts = removed.length === 0 ? stay : say("removed-older", { count: removed.length, kept: stay });
    return withCount(say("written", { file: printable(file), size, count: messages }), counts);
  }
  if (planned !== undefined) {
    const name = planned === "" ? say("planned.first") : printable(planned);
    return say("planned", { name, place: placeName(pack.to, cwd) });
  }
  if (notDueUntil !== undefined) return withCount(say("not-due", { day: printable(notDueUntil) }));
  if (heldBack === undefined) return withCount(say("not-packed"));
  return withCount(say("not-packed.why", { why: translate(printable(heldBack), language) }));
}

/** Why a pack stays: the rules that keep it, by their names. */
function whyKept(why: string, say: Say): string {
  switch (why) {
    case "":
      return say("why.no-rule");
    case "later":
    case "last":
    case "daily":
    case "weekly":
    case "monthly":
    case "yearly":
      return say(`why.${why}`);
    default:
      return printable(why);
  }
}

function lists({ kept, removed, planned }: PackReport, whole: boolean, language: Language): string[] {
  const say = texts.in(language);
  const stays = kept.map(({ file, why }) => {
    const reasons = why.map((each) => whyKept(each, say)).join(", ") || whyKept("", say);
    const isNew = file === planned;
    const told = isNew ? wordTexts.in(language)("both", { first: reasons, second: say("why.new") }) : reasons;
    return [printable(file), told] as const;
  });
  const isPlan = planned !== undefined;
  const goes = removed.map(({ file, why }) => [printable(file), translate(printable(why), language)] as const);
  return [
    ...list(say(isPlan ? "list.keep" : "list.kept", { count: stays.length }), stays, whole, say),
    ...list(say(isPlan ? "list.remove" : "list.removed", { count: goes.length }), goes, whole, say),
  ];
}

function list(
  title: string,
  rows: readonly (readonly [file: string, why: string])[],
  whole: boolean,
  say: Say,
): string[] {
  if (rows.length === 0) return [];
  const shown = whole ? rows : rows.slice(0, rows.length > mostListed + 1 ? mostListed : rows.length);
  const width = Math.max(...shown.map(([file]) => displayWidth(file)));
  const lines = shown.flatMap(([file, why]) => {
    const room = lineWidth - 6 - width;
    const beside = room >= 24 ? wrap(why, room) : [];
    if (beside.length === 0) return [`  ${file}`, ...wrap(why, lineWidth - 10).map((text) => `      ${text}`)];
    return beside.map((text, index) => `  ${index === 0 ? file + padding(file, width) : " ".repeat(width)}  ${text}`);
  });
  const rest = rows.length - shown.length;
  return [title, ...lines, ...(rest > 0 ? [`  ${say("list.more", { count: rest })}`] : [])];
}

/** What went wrong with the packs, if anything did. */
export function packBlock({ name, pack }: JobReport, language: Language): Block[] {
  if (pack?.error === undefined) return [];
  const say = texts.in(language);
  const { code, message, remedy } = pack.error;
  if (code === "bug") return [{ title: say("bug"), why: printable(message) }];
  return [
    {
      title: say("block.title", { job: printable(name), title: titleOf(code, language) }),
      code,
      why: translate(printable(message), language),
      remedy: remedy === undefined ? undefined : translate(printable(remedy), language),
      state: code === "V901" ? undefined : say("state"),
    },
  ];
}

/** What is not as it should be with the packs, as a part of a sentence; empty if nothing is. */
export function packShortcoming({ pack }: JobReport, language: Language): string {
  if (pack?.error === undefined) return "";
  const say = texts.in(language);
  if (
    pack.written === undefined &&
    pack.notDueUntil === undefined &&
    pack.heldBack === undefined &&
    pack.planned === undefined
  )
    return say("none-written");
  return say(pack.error.code === "V902" ? "damaged" : "not-removed");
}
