// What is said of the disk before a backup goes to it.

import { expect, test } from "vitest";
import { adviceOn } from "../../src/cli/backup/estimate.ts";
import { openGuide, type ProvenServer } from "../../src/cli/backup/flags.ts";
import type { Rehearsal } from "../../src/cli/backup/log-in.ts";
import { choosePlace, type Place } from "../../src/cli/backup/place.ts";

import type { LookedAtPlace } from "../../src/jobs/look-at-place.ts";
import type { Language } from "../../src/language/language.ts";
import { addressOf } from "../support/addresses.ts";
import { openCaller } from "../support/in-process.ts";
import { answering } from "../support/typed-answers.ts";

const stick = { name: "FAT32", largestFile: 2 ** 32 - 1, takesColons: false };

async function adviceFor(look: Partial<LookedAtPlace>, octets: number, lang: Language = "en") {
  let advice: ReturnType<typeof adviceOn> | undefined;
  await openCaller("").call(
    async (invocation) => {
      const guide = openGuide(addressOf("ada@example.org"), {}, invocation, undefined);
      advice = adviceOn(placeOn(look), rehearsalOf(octets), guide);
      return 0;
    },
    { lang },
  );
  return advice ?? expect.fail("no advice");
}

function placeOn(look: Partial<LookedAtPlace>): Place {
  const whole = { archive: undefined, free: 32e9, disk: stick, ...look };
  return { path: "/media/stick/mail", format: "mbox", goesOn: false, isGiven: false, look: whole };
}

/** Of the rehearsal only this is looked at. */
function rehearsalOf(octets: number): Rehearsal {
  return { toCopy: [{ mailbox: ["INBOX"], octets }] } as unknown as Rehearsal;
}

test("a mailbox larger than a file of FAT32 is no reason for another disk: it is said that it is split", async () => {
  expect(await adviceFor({}, 5e9)).toEqual({
    warnings: [],
    notes: [
      "/media/stick/mail: 32.0 GB free.",
      "That disk (FAT32) can't hold the file names of a Maildir, so each mailbox becomes one file (mbox).",
      "INBOX has 5.0 GB, and a file on that disk (FAT32) ends at 4 GiB: it becomes several files, side by side.",
    ],
  });
});

test("the same in French", async () => {
  const { notes } = await adviceFor({}, 5e9, "fr");
  expect(notes.at(-1)).toMatch(/s’arrête à 4 Gio\s: il y aura plusieurs fichiers, côte à côte\.$/);
});

test("nothing is said of files that fit", async () => {
  const { warnings, notes } = await adviceFor({}, 4e9);
  expect([warnings, notes.length]).toEqual([[], 2]);
});

test("a disk that is too small is warned of, and another may be typed", async () => {
  const { warnings } = await adviceFor({ free: 1e9 }, 5e9);
  expect(warnings).toEqual([
    "/media/stick/mail has 1.0 GB free, and 5.0 GB are to come: choose a folder on a larger disk.",
  ]);
});

test("Enter starts on FAT32, too: one question and no more", async () => {
  const answers = answering("");
  await openCaller("").call(async (invocation) => {
    const guide = openGuide(addressOf("ada@example.org"), {}, { ...invocation, ask: answers.ask }, undefined);
    const advise = (place: Place) => adviceOn(place, rehearsalOf(5e9), guide);
    const chosen = await choosePlace(placeOn({}), {} as ProvenServer, guide, advise);
    expect(chosen.path).toBe("/media/stick/mail");
    return 0;
  });
  expect(answers.asked).toEqual(["Folder for the archive (Enter starts):"]);
});
