// A run that packs and prunes, and dies at some step of it; what has to be so right after, and after the next run.

import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import { parsePackName } from "../../src/packs/pack-name.ts";
import { temporaryFolder } from "./jobs.ts";
import { type Household, nameAt, openHousehold, survivors } from "./nights.ts";

export const retention = { keepLast: 2, keepMonthly: 2 };
const before = ["2026-09-29", "2026-09-30", "2026-10-01", "2026-10-02", "2026-10-03"];
const night = (day: string) => new Date(`${day}T01:30:00Z`);
/** Of the run that dies. */
export const dying = night("2026-10-04");

/** A folder with five packs, of which a run with `retention` keeps two and writes another. */
export async function prepareVault(root: string): Promise<void> {
  const home = openHousehold({ verify: "never" }, root);
  for (const day of before) await home.run(night(day));
}

/** Another household like it, with a message more. */
export function copyVault(template: string): Household {
  const root = temporaryFolder();
  const home = openHousehold({ verify: "never", retention }, root);
  cpSync(template, root, { recursive: true });
  // The archive is of the mail in this file, and of no other.
  const marker = join(root, "archive", "mailferry.json");
  writeFileSync(marker, readFileSync(marker, "utf8").replaceAll(template, root));
  home.deliver();
  return home;
}

/** Right after the run died: no half pack has the name of a pack, and none is missing that the rules keep. */
export function checkAfterDeath(home: Household, at: number): void {
  const names = home.packs();
  for (const name of names) {
    const whole = gunzipSync(readFileSync(join(home.vault, name)));
    expect(whole.length % 512, `${name} after step ${at}`).toBe(0);
    expect(
      whole.subarray(-1024).every((octet) => octet === 0),
      `${name} after step ${at}`,
    ).toBe(true);
  }
  const has = names.includes(nameAt(dying));
  const kept = survivors([...before.map(night), ...(has ? [dying] : [])], has ? retention : { keepLast: 99 });
  expect(names, `after step ${at}`).toEqual(expect.arrayContaining(kept.map((each) => nameAt(each))));
}

/** After the next run: exactly what the rules keep, and nothing that a run left behind. */
export async function checkNextRun(home: Household, at: number): Promise<void> {
  const there = home.packs().map((name) => parsePackName(name, "nightly")?.at ?? new Date(0));
  const next = night("2026-10-05");
  const report = await home.run(next);
  expect(report, `after step ${at}`).toMatchObject({ verdict: "safe" });
  const expected = survivors([...there, next], retention).map((each) => nameAt(each));
  expect(readdirSync(home.vault).sort(), `after step ${at}`).toEqual([...expected, "nightly.packs.json"].sort());
  expect(report.pack?.kept.length).toBe(expected.length);
}
