// Mail per month as a chart: a row for each year, a bar for each month, and a mark where there was no mail.

import { type ArchiveContents, monthOf } from "./archive-contents.ts";
import type { Words } from "./catalogue.ts";
import { type Html, html, when } from "./html.ts";

/** Years that are drawn; what came before them is one row. */
const mostYears = 40;
const mostStretches = 20;

/** A stretch of months, both ends within it. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/**
 * The months without mail after the first one with mail and before the one of `now`, which is not over yet; those next to
 * each other as one.
 */
export function emptyStretches(months: ReadonlyMap<number, number>, now: Date): Stretch[] {
  const stretches: Stretch[] = [];
  const [first = monthOf(now)] = [...months.keys()].sort((a, b) => a - b);
  for (let month = first; month < monthOf(now); month++) {
    if ((months.get(month) ?? 0) > 0) continue;
    const before = stretches.at(-1);
    if (before?.last === month - 1) stretches[stretches.length - 1] = { first: before.first, last: month };
    else stretches.push({ first: month, last: month });
  }
  return stretches;
}

/** Undefined where no message has a date. */
export function monthsSection({ months, undated }: ArchiveContents, now: Date, words: Words): Html {
  const { say, numbers } = words;
  const heading = html`<h2>${say("months")}</h2>`;
  if (months.size === 0) return html`<section>${heading}<p>${say("months.none")}</p></section>`;
  const known = [...months.keys()];
  const lastYear = Math.floor(Math.max(monthOf(now), ...known) / 12);
  const firstYear = Math.max(Math.floor(Math.min(...known) / 12), lastYear - mostYears + 1);
  const stretches = emptyStretches(months, now);
  const empty = new Set(stretches.flatMap(monthsIn));
  const scale = Math.max(...known.filter((month) => month >= firstYear * 12).map((month) => months.get(month) ?? 0), 1);
  const years = Array.from({ length: lastYear - firstYear + 1 }, (_, index) => firstYear + index);
  const earlier = known
    .filter((month) => month < firstYear * 12)
    .reduce((sum, month) => sum + (months.get(month) ?? 0), 0);
  return html`<section>${heading}
<p>${say("months.rule")}</p>
<table class="months">
<thead><tr><th scope="col">${say("column.year")}</th><th scope="col">${letters(words)}</th><th scope="col" class="n">${say("column.messages")}</th></tr></thead>
<tbody>${when(
    earlier > 0,
    () =>
      html`<tr><th scope="row">${say("months.earlier")}</th><td></td><td class="n">${numbers.count(earlier)}</td></tr>\n`,
  )}${years.map((year) => yearRow(year, months, empty, scale, words))}</tbody>
</table>
${gapsOf(stretches, words)}
${when(undated > 0, () => html`<p>${say("months.undated", { count: undated })}</p>`)}</section>`;
}

function monthsIn({ first, last }: Stretch): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function gapsOf(stretches: readonly Stretch[], { say, numbers }: Words): Html {
  if (stretches.length === 0) return html`<p>${say("months.no-gap")}</p>`;
  const nameOf = ({ first, last }: Stretch) => (first === last ? numbers.month(first) : numbers.months(first, last));
  const named = stretches.slice(0, mostStretches).map(nameOf);
  const rest = stretches.length - named.length;
  const where = rest === 0 ? numbers.list(named) : say("months.gaps.more", { where: named.join(", "), count: rest });
  const count = stretches.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const sample = html`<svg class="key" viewBox="0 0 20 26" aria-hidden="true">${mark(0)}</svg>`;
  return html`<p class="gaps">${sample} ${say("months.legend")}</p><p><strong>${say("months.gaps", { count, where })}</strong></p>`;
}

const cell = 20;
const height = 26;
const tallest = 22;

function letters({ numbers }: Words): Html {
  const texts = numbers.monthLetters.map(
    (letter, index) => html`<text x="${index * cell + cell / 2}" y="11">${letter}</text>`,
  );
  return html`<svg viewBox="0 0 ${12 * cell} 14" aria-hidden="true">${texts}</svg>`;
}

function yearRow(
  year: number,
  months: ReadonlyMap<number, number>,
  empty: ReadonlySet<number>,
  scale: number,
  { say, numbers }: Words,
): Html {
  const ofYear = Array.from({ length: 12 }, (_, index) => year * 12 + index);
  const total = ofYear.reduce((sum, month) => sum + (months.get(month) ?? 0), 0);
  const bars = ofYear.map((month, index) => {
    const count = months.get(month) ?? 0;
    if (count === 0 && !empty.has(month)) return html``;
    const title = html`<title>${say("months.cell", { month: numbers.month(month), count })}</title>`;
    if (count === 0) return html`<g class="empty">${title}${mark(index)}</g>`;
    const tall = Math.max(1.5, (tallest * count) / scale);
    return html`<g>${title}<rect class="bar" x="${index * cell + 3}" y="${round(height - 1 - tall)}" width="14" height="${round(tall)}"/></g>`;
  });
  const label = say("months.year", { year: String(year), count: total });
  const line = html`<line x1="0" x2="${12 * cell}" y1="${height - 0.5}" y2="${height - 0.5}"/>`;
  return html`<tr><th scope="row">${String(year)}</th><td><svg viewBox="0 0 ${12 * cell} ${height}" role="img" aria-label="${label}">${line}${bars}</svg></td><td class="n">${numbers.count(total)}</td></tr>\n`;
}

/** A month without mail: told by its frame and its sign, not by its colour alone. */
function mark(index: number): Html {
  return html`<rect class="gap" x="${index * cell + 3}" y="3" width="14" height="${tallest}"/><text x="${index * cell + cell / 2}" y="18">0</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
