// How pages look: on a phone of 360 px, on a screen, in the dark, and on A4.

import { Html } from "./html.ts";

export const style = new Html(`
:root { color-scheme: light dark; --ink: #1d2430; --dim: #5a6473; --page: #fff; --box: #f4f6f9; --line: #d5dbe4;
  --good: #12692f; --good-box: #e3f5e8; --warn: #8a4b00; --warn-box: #fff1d9; --bad: #b3161f; --bad-box: #fde7e7; --bar: #3a6fb5; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --dim: #a3adbb; --page: #14181f; --box: #1f252f; --line: #3a4350;
    --good: #7ddc98; --good-box: #15331f; --warn: #ffc66b; --warn-box: #3a2a0c; --bad: #ff9a97; --bad-box: #401b1d; --bar: #7fb0f2; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: .25rem 0 .75rem; }
h2 { font-size: 1.1rem; margin: 0 0 .4rem; }
p, ul { margin: 0 0 .6rem; }
ul { padding-left: 1.2rem; }
section { margin: 0 0 1.6rem; }
.small, footer { color: var(--dim); font-size: .875rem; }
footer { border-top: 1px solid var(--line); padding-top: .6rem; }
.verdict { border: 2px solid; border-radius: .6rem; padding: .8rem 1rem; color: var(--dim); background: var(--box); }
.verdict p { margin: 0; color: var(--ink); font-size: 1.05rem; }
.verdict .word { font-size: 1.9rem; font-weight: 700; line-height: 1.2; color: inherit; margin-bottom: .3rem; }
.sign { display: inline-block; min-width: 1.1em; height: 1.25em; line-height: 1.25em; text-align: center; border-radius: .2em; color: var(--page); background: var(--dim); }
.safe { border-color: var(--good); background: var(--good-box); color: var(--good); }
.incomplete { border-color: var(--warn); background: var(--warn-box); color: var(--warn); }
.failed { border-color: var(--bad); background: var(--bad-box); color: var(--bad); }
.safe .sign { background: var(--good); } .incomplete .sign { background: var(--warn); } .failed .sign { background: var(--bad); }
td.state { background: none; white-space: nowrap; font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .9rem; margin: 0 0 1.2rem; }
dt { color: var(--dim); } dd { margin: 0; min-width: 0; }
code { font: .875em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.command { display: block; width: fit-content; max-width: 100%; margin: .25rem 0; padding: .25rem .6rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--box); white-space: pre-wrap; }
.code { white-space: nowrap; font-size: .8rem; font-weight: 600; color: var(--bad); }
table { width: 100%; border-collapse: collapse; margin: 0 0 .6rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 400; }
thead th { color: var(--dim); font-size: .85rem; font-weight: 600; vertical-align: bottom; border-bottom-width: 2px; }
tfoot th, tfoot td { font-weight: 700; border-bottom: 0; border-top: 2px solid var(--line); }
.n { text-align: right; white-space: nowrap; }
.balance thead .n { white-space: normal; } thead th { overflow-wrap: normal; }
.op { color: var(--dim); padding-left: 0; padding-right: 0; text-align: center; }
.op.bad { color: var(--bad); }
.months { max-width: 34rem; }
.months th, .months td { padding: .1rem .4rem; border: 0; vertical-align: bottom; }
.months th, .months .n { white-space: nowrap; } .months td:nth-child(2), .months th:nth-child(2) { width: 99%; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 10px system-ui, sans-serif; text-anchor: middle; fill: var(--dim); }
svg line { stroke: var(--line); stroke-width: 1; }
.bar { fill: var(--bar); }
.gap { fill: var(--bad-box); stroke: var(--bad); stroke-width: 1; stroke-dasharray: 2.5 2; }
.empty text, .key text { fill: var(--bad); font-weight: 700; }
.gaps .key { display: inline-block; width: 1.2rem; vertical-align: middle; }
.list td { min-width: 6.5rem; } .list .wide { min-width: 12rem; }
.links a { margin-right: .6rem; white-space: nowrap; }
a { color: var(--bar); }
@media (max-width: 46rem) {
  main { padding: .75rem; }
  .verdict .word { font-size: 1.5rem; }
  .cards, .cards tbody, .cards tfoot, .cards tr, .cards th, .cards td { display: block; width: auto; border: 0; padding: 0; text-align: left; }
  .cards thead { display: none; }
  .cards tr { border: 1px solid var(--line); border-radius: .4rem; padding: .45rem .6rem; margin-bottom: .45rem; }
  .cards tfoot tr { border-width: 2px; }
  .cards th { font-weight: 600; margin-bottom: .2rem; }
  .cards td[data-label]::before { content: attr(data-label); display: block; color: var(--dim); font-size: .75rem; font-weight: 400; }
  .balance tr { display: flex; flex-wrap: wrap; align-items: flex-end; column-gap: .5rem; row-gap: .2rem; }
  .balance th { flex: 1 0 100%; } .balance .op { padding: 0; } .balance td { font-size: .95rem; }
  .list tr { display: flex; flex-wrap: wrap; column-gap: 1rem; row-gap: .2rem; }
  .list th, .list .wide { flex: 1 0 100%; } .list td { min-width: 0; }
}
@media print {
  @page { size: A4; margin: 15mm; }
  :root { color-scheme: light; --ink: #000; --dim: #444; --page: #fff; --box: #f6f6f6; --line: #bbb; --good: #12692f; --good-box: #fff;
    --warn: #8a4b00; --warn-box: #fff; --bad: #b3161f; --bad-box: #fff; --bar: #3a6fb5; }
  body { font-size: 10pt; } main { max-width: none; padding: 0; }
  .months { max-width: 30rem; } th, td { padding-top: .18rem; padding-bottom: .18rem; } section { margin-bottom: 1.1rem; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  tr, li, .verdict, .command { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; }
  tfoot { display: table-row-group; }
}
`);
