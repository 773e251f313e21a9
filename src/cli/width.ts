// How many columns a text takes on a terminal. Texts passed in here are printable: no control characters, no escapes.

const ascii = /^[\x20-\x7e]*$/;

// Unicode Standard Annex 11: what is Wide or Fullwidth. A cluster is as wide as its first character.
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})|\ufe0f/u;
const invisible = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;

let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for one character. Most texts never need it, and making the segmenter takes a while. */
function clustersOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}

function clusterWidth(cluster: string): number {
  if (ascii.test(cluster)) return cluster.length;
  if (invisible.test(cluster)) return 0;
  return wide.test(cluster) ? 2 : 1;
}

export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of clustersOf(text)) width += clusterWidth(segment);
  return width;
}

/** Spaces that fill a text of this width up to `width`. */
export function padding(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** The longest beginning of the clusters that is no wider than `width`. */
function take(clusters: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const cluster of clusters) {
    used += clusterWidth(cluster);
    if (used > width) break;
    taken.push(cluster);
  }
  return taken;
}

/** The text, or its beginning and its end with `…` between, no wider than `width` columns. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const clusters = [...clustersOf(text)].map(({ segment }) => segment);
  const head = take(clusters, Math.ceil((width - 1) / 2));
  const tail = take(clusters.toReversed(), width - 1 - displayWidth(head.join(""))).reverse();
  return `${head.join("")}…${tail.join("")}`;
}

/** Lines broken at spaces. A word that is wider than `width` stays whole: paths and commands are there to be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((part) => part !== "")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}
