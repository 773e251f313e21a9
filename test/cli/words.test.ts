// Every text of the command line that a person reads is in a catalogue (src/cli/texts), in both languages.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../src/cli/", import.meta.url));

/** What is no text for a person, or has no language. */
const allowed: ReadonlyMap<string, readonly string[]> = new Map([
  // commander's own, by which they are found and replaced.
  ["program.ts", ["Usage:", "Options:", "Global Options:", "Arguments:", "Commands:"]],
  // Of commands, for JSON.
  ["config.ts", ["config check", "config show"]],
  ["config-init.ts", ["config init"]],
  ["account-list.ts", ["account list"]],
  ["account-test.ts", ["account test"]],
  ["account-add.ts", ["account add", "mailferry account add ada@example.org"]],
  ["schedule.ts", ["schedule show", "schedule install", "schedule remove"]],
  // To be copied, or run.
  ["ls.ts", ["mailferry ls …"]],
  ["verify.ts", ["mailferry run …"]],
  ["schedule-plan.ts", ["{ file: PATH }", "npm install --global mailferry"]],
  ["schedule-system.ts", ["loginctl enable-linger"]],
  ["doctor/schedule.ts", ["loginctl enable-linger"]],
  // Names of systems.
  ["doctor/machine.ts", ["Linux", "Windows"]],
  // Names of mailboxes.
  ["demo.ts", ["Sent Items", "Deleted Items"]],
  ["restore.ts", ["Restored"]],
  // The second is in JSON, too; on screen it is translated.
  ["notify.ts", ["notify test", "the monitor counts it as a success"]],
  // Beside their English.
  ["units.ts", ["Mo", "Go", "To", "moins de"]],
]);

/** A job file with its comments, once for each language; and a page of roff, whose words come from a catalogue. */
const whole = ["job-file-template.ts", "man/page.ts"];

/** Their messages are English: in JSON as they are, on screen translated (src/language/sentences). */
const errors = /^(?:MailferryError|Error|TypeError|RangeError)$/;

/** Two words side by side, or a title. Keys, flags, file names and formats are neither. */
const isText = (text: string) => /\p{L}{2,}[,;:.]? \p{L}{2,}/u.test(text) || /^[A-Z][a-z]+[.:]?$/.test(text.trim());

/** The literals of a file that look like texts; in place of what is filled in stands `…`. */
function textsOf(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(folder + path, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isNewExpression(node) && errors.test(node.expression.getText(source))) return;
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword) return;
    // The name of a command, and of a class of errors.
    if (
      ts.isStringLiteral(node) &&
      ts.isCallExpression(node.parent) &&
      node.parent.expression.getText(source) === "action"
    )
      return;
    if (ts.isPropertyDeclaration(node) && node.name.getText(source) === "name") return;
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node)) {
      found.push(node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(""));
      for (const span of node.templateSpans) visit(span.expression);
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter(isText);
}

const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.startsWith("texts/") && !whole.includes(path));

describe("the command line", () => {
  test.each(files)("%s has its texts in the catalogue", (path) => {
    expect(textsOf(path).filter((text) => !allowed.get(path)?.includes(text))).toEqual([]);
  });
});
