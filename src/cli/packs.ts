// What a summary says of a job's packs.

import { printable } from "../formats/printable.ts";
import type { JobReport, PackReport } from "../jobs/events.ts";
import { type Block, lineWidth } from "./block.ts";
import { titleOf } from "./failures.ts";
import { placeName } from "./names.ts";
import { formatCount, formatOctets, plural } from "./units.ts";
import { displayWidth, padding, wrap } from "./width.ts";

const mostListed = 40;

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
  { cwd, whole }: { readonly cwd: string; readonly whole: boolean },
): PackTexts {
  if (pack === undefined) return { headline: [], lists: [] };
  const line = wrap(headline(pack, cwd), lineWidth - 4);
  return {
    headline: line.map((text, index) => (index === 0 ? text : `  ${text}`)),
    lists: pack.planned !== undefined || whole ? lists(pack, whole) : [],
  };
}

function headline(pack: PackReport, cwd: string): string {
  const { written, planned, notDueUntil, heldBack, kept, removed } = pack;
  const there = `${formatCount(kept.length)} kept`;
  if (written !== undefined) {
    const { file, octets, messages } = written;
    const gone = removed.length === 0 ? "" : `${plural(removed.length, "older pack")} removed, `;
    return `Packed: ${printable(file)} (${formatOctets(octets)}, ${plural(messages, "message")}, read back intact); ${gone}${there}`;
  }
  if (planned !== undefined) {
    const name = planned === "" ? "a first pack" : printable(planned);
    return `To pack: ${name}, into ${placeName(pack.to, cwd)}`;
  }
  if (notDueUntil !== undefined) return `Pack: not due until ${printable(notDueUntil)}; ${there}`;
  if (heldBack !== undefined) return `Not packed: ${printable(heldBack)}; ${there}`;
  return `Not packed; ${there}`;
}

const whyKept = new Map([
  ["later", "dated after this run; left alone"],
  ["", "no rule removes packs"],
]);

function lists({ kept, removed, planned }: PackReport, whole: boolean): string[] {
  const stays = kept.map(({ file, why }) => {
    const reasons = why.map((each) => whyKept.get(each) ?? printable(each)).join(", ");
    const isNew = file === planned ? "; to be written" : "";
    return [printable(file), (reasons === "" ? (whyKept.get("") ?? "") : reasons) + isNew] as const;
  });
  const isPlan = planned !== undefined;
  const goes = removed.map(({ file, why }) => [printable(file), printable(why)] as const);
  return [...list(isPlan ? "To keep" : "Kept", stays, whole), ...list(isPlan ? "To remove" : "Removed", goes, whole)];
}

function list(title: string, rows: readonly (readonly [file: string, why: string])[], whole: boolean): string[] {
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
  return [
    `${title} (${formatCount(rows.length)}):`,
    ...lines,
    ...(rest > 0 ? [`  and ${formatCount(rest)} more; -v shows them all`] : []),
  ];
}

/** What went wrong with the packs, if anything did. */
export function packBlock({ name, pack }: JobReport): Block[] {
  if (pack?.error === undefined) return [];
  const { code, message, remedy } = pack.error;
  if (code === "bug") return [{ title: "This is a bug in mailferry, not a mistake of yours", why: printable(message) }];
  return [
    {
      title: `${printable(name)}, packs: ${titleOf(code)}`,
      code,
      why: printable(message),
      remedy: remedy === undefined ? undefined : printable(remedy),
      state: code === "V901" ? undefined : "The mail in the archive is as safe as it was.",
    },
  ];
}

/** What is not as it should be with the packs, as a part of a sentence; empty if nothing is. */
export function packShortcoming({ pack }: JobReport): string {
  if (pack?.error === undefined) return "";
  if (
    pack.written === undefined &&
    pack.notDueUntil === undefined &&
    pack.heldBack === undefined &&
    pack.planned === undefined
  )
    return "no pack was written";
  return pack.error.code === "V902" ? "a pack is damaged" : "older packs could not be removed";
}
