// A tab as indentation hides the shape of a YAML file, and with it every other mistake: it is told, then read as spaces.

import type { Mistake } from "./mistakes.ts";

const indentedByTab = /^ *\t[ \t]*(?=[^ \t\r#])/;

/** The mistakes that tabs as indentation are, one for each line. */
export function findTabs(text: string): Mistake[] {
  return text.split("\n").flatMap((line, index) => {
    if (!indentedByTab.test(line)) return [];
    const column = line.indexOf("\t") + 1;
    return { line: index + 1, column, where: "", message: "a tab can't be indentation; use spaces" };
  });
}

/** The text with `width` spaces for each tab of the indentation. `columnIn` leads from a column of it back to the text that was given. */
export function expandTabs(
  text: string,
  width: number,
): { text: string; columnIn(line: number, column: number): number } {
  const added = new Map<number, number>();
  const lines = text.split("\n").map((line, index) => {
    const indentation = indentedByTab.exec(line)?.[0];
    if (indentation === undefined) return line;
    added.set(index + 1, (indentation.split("\t").length - 1) * (width - 1));
    return indentation.replaceAll("\t", " ".repeat(width)) + line.slice(indentation.length);
  });
  return {
    text: lines.join("\n"),
    columnIn: (line, column) => Math.max(1, column - (added.get(line) ?? 0)),
  };
}
