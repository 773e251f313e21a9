// A message as a page: the half of a mail that most people see. Nothing in it is fetched from anywhere, and every text is
// escaped. Colours stand in the elements for readers that drop style sheets; the sheet only adds the dark ones.

import type { Letter, Section, TableRow, Tone } from "./letter.ts";
import { capitalise } from "./mail-text.ts";

export function formatHtml({ subject, sections, remarks, signature, setting }: Letter): string {
  return `<!doctype html>
<html lang="${setting.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${sheet}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f2f3f5;color:#1c2024">
<div style="max-width:640px;margin:0 auto;padding:16px 12px;font:16px/1.45 -apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif">
${sections.map(formatSection).join("\n")}
<div class="quiet" style="padding:4px 4px 0;font-size:13px;color:#5b636b">${[...remarks, signature].map((line) => `<p style="margin:0 0 4px">${escapeHtml(line)}</p>`).join("")}</div>
</div>
</body>
</html>
`;
}

/** Text and background of the verdict. */
const tones: Readonly<Record<Tone, string>> = {
  good: "color:#0b5a2a;background:#d9f2e1",
  warning: "color:#6b4300;background:#ffeccc",
  bad: "color:#8c1212;background:#fde0df",
};

const sheet = `
@media (prefers-color-scheme: dark) {
  .page { background: #14171a !important; color: #e7eaed !important }
  .card { background: #1e2327 !important; border-color: #363d43 !important }
  .quiet, .head { color: #a9b2ba !important }
  .line { border-color: #363d43 !important }
  .good { color: #a4e8bb !important; background: #143522 !important }
  .warning { color: #ffd58f !important; background: #3d2c0c !important }
  .bad { color: #ffb3b0 !important; background: #451a1a !important }
  .lack { color: #ff9c97 !important }
}
`;

function formatSection({ tone, title, verdict, summary, remarks, todo, facts, table, failures }: Section): string {
  const badge =
    verdict === ""
      ? ""
      : ` <span class="${tone}" style="display:inline-block;padding:2px 10px;border-radius:12px;font-size:14px;white-space:nowrap;${tones[tone]}">${escapeHtml(verdict)}</span>`;
  const parts = [
    `<h1 style="margin:0 0 8px;font-size:19px;line-height:1.5;overflow-wrap:anywhere">${escapeHtml(title)}${badge}</h1>`,
    paragraph([capitalise(summary), ...remarks].join(" ")),
    todo === undefined ? "" : heading(todo.title) + todo.lines.map(paragraph).join(""),
    table === undefined ? "" : formatTable(table),
    failures === undefined ? "" : heading(failures.title) + list(failures.lines),
    facts.length === 0 ? "" : formatFacts(facts),
  ];
  return `<div class="card" style="margin:0 0 14px;padding:16px;background:#ffffff;border:1px solid #d9dde1;border-radius:10px">
${parts.filter((part) => part !== "").join("\n")}
</div>`;
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 6px;overflow-wrap:anywhere">${escapeHtml(text)}</p>`;
}

function heading(text: string): string {
  return `<h2 style="margin:14px 0 4px;font-size:15px">${escapeHtml(text)}</h2>`;
}

function list(lines: readonly string[]): string {
  const items = lines.map((line) => `<li style="margin:0 0 4px;overflow-wrap:anywhere">${escapeHtml(line)}</li>`);
  return `<ul style="margin:0;padding:0 0 0 20px;font-size:14px">${items.join("")}</ul>`;
}

function formatFacts(facts: Section["facts"]): string {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th scope="row" class="head" style="padding:2px 12px 2px 0;text-align:left;vertical-align:top;font-weight:normal;color:#5b636b">${escapeHtml(label)}</th><td style="padding:2px 0;vertical-align:top;overflow-wrap:anywhere;word-break:break-word">${escapeHtml(value)}</td></tr>`,
  );
  return `<table style="margin:14px 0 0;border-collapse:collapse;font-size:14px">${rows.join("")}</table>`;
}

function formatTable({ titles, rows }: NonNullable<Section["table"]>): string {
  const head = titles.map((title, column) => {
    const side = column === 0 ? "left;padding:4px 8px 4px 0" : "right;padding:4px 0 4px 8px";
    return `<th scope="col" class="head line" style="text-align:${side};vertical-align:bottom;font-weight:normal;color:#5b636b;border-bottom:1px solid #d9dde1">${escapeHtml(title)}</th>`;
  });
  return `<table style="width:100%;margin:14px 0 0;border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums"><thead><tr>${head.join("")}</tr></thead><tbody>${rows.map(formatRow).join("")}</tbody></table>`;
}

function formatRow({ name, counts, isMissing, isTotal, codes }: TableRow): string {
  const numbers = counts.map((count, column) => {
    const isLack = column === 2 && isMissing;
    const style = isLack ? ";font-weight:bold;color:#b01717" : "";
    return `<td class="line${isLack ? " lack" : ""}" style="padding:4px 0 4px 8px;text-align:right;vertical-align:top;white-space:nowrap;border-bottom:1px solid #d9dde1${style}">${escapeHtml(count)}</td>`;
  });
  const marks =
    codes === "" ? "" : ` <span class="head" style="font-size:12px;color:#5b636b">${escapeHtml(codes)}</span>`;
  const weight = isTotal ? ' style="font-weight:bold"' : "";
  return `<tr${weight}><td class="line" style="padding:4px 8px 4px 0;vertical-align:top;overflow-wrap:anywhere;word-break:break-word;border-bottom:1px solid #d9dde1">${escapeHtml(name)}${marks}</td>${numbers.join("")}</tr>`;
}

/** For text between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
