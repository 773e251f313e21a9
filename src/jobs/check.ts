// The text of a job file to valid data, or to its mistakes: those of the YAML, of the keys and between the keys together.

import { findContradictions } from "./contradictions.ts";
import { formatPath, type Mistake, type Path } from "./mistakes.ts";
import { jobFileSchema, type ValidJobFile } from "./schema.ts";
import { expandTabs, findTabs } from "./tabs.ts";
import { describeIssue } from "./words.ts";
import { type Extent, readYaml, type YamlText } from "./yaml.ts";

export interface CheckedText {
  /** In the order of the file; empty if and only if `valid` is there. */
  readonly mistakes: readonly Mistake[];
  readonly valid?: ValidJobFile | undefined;
  readonly yaml: YamlText;
}

/** Checks a job file whose relative paths start from `baseDir`. Never throws, whatever the text. */
export function checkJobFile(text: string, baseDir: string): CheckedText {
  const checked = checkText(text, baseDir);
  const tabs = Number.isFinite(checked.yaml.soundUntil) ? findTabs(text) : [];
  if (tabs.length === 0) return checked;
  // How wide its author sees a tab is not known: the width that keeps the structure longest, then the one with the
  // fewest mistakes, is taken.
  const attempts = [2, 4, 6, 8].map((width) => {
    const expanded = expandTabs(text, width);
    const { mistakes, yaml } = checkText(expanded.text, baseDir);
    const moved = mistakes.map((mistake) => ({ ...mistake, column: expanded.columnIn(mistake.line, mistake.column) }));
    return { mistakes: moved, yaml };
  });
  const [best = checked] = attempts.toSorted(
    // Infinity - Infinity is NaN: a tie.
    (a, b) => b.yaml.soundUntil - a.yaml.soundUntil || a.mistakes.length - b.mistakes.length,
  );
  return { mistakes: inFileOrder([...tabs, ...best.mistakes]), yaml: best.yaml };
}

function checkText(text: string, baseDir: string): CheckedText {
  const yaml = readYaml(text);
  const parsed = jobFileSchema.safeParse(yaml.value, { error: describeIssue });
  const issues = (parsed.error?.issues ?? []).map((issue) => {
    const path = issue.path.filter((part) => typeof part !== "symbol");
    const atKey = issue.code === "invalid_key" || (issue.code === "custom" && issue.params?.unknownKey === true);
    return { path, message: issue.message, ...yaml.locate(path, atKey ? "key" : "value") };
  });
  const contradictions = findContradictions(yaml.value, baseDir).map((found) => ({
    ...found,
    ...yaml.locate(found.path, "value"),
  }));
  const findings = [...issues, ...contradictions].filter(
    (found) => found.end < yaml.soundUntil && !yaml.isSpoilt(found.path),
  );
  const mistakes = [...yaml.findings, ...findings].map((found) => toMistake(found, yaml));
  return { mistakes: inFileOrder(mistakes), valid: mistakes.length === 0 ? parsed.data : undefined, yaml };
}

/** A mistake at its place in the file. */
export function toMistake(
  { path, message, start }: { path: Path; message: string } & Pick<Extent, "start">,
  yaml: YamlText,
): Mistake {
  return { ...yaml.lineAndColumn(start), where: formatPath(path), message };
}

function inFileOrder(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
