// Images of the disk that a power loss may leave, a few of each kind; power-loss.deep.test.ts has thousands.

import { expect, test } from "vitest";
import { imageAt, lossesPerPoint } from "./support/crash-images.ts";
import { recordRun, sweepImages } from "./support/power-loss.ts";
import { aNight, openLife, openMove, openVault } from "./support/power-scenarios.ts";
import { swept } from "./support/sweep-counts.ts";

const images = 6;

test.each([
  { what: "a first run into mbox", open: () => openLife({ protocol: "pop3", format: "mbox" }) },
  {
    what: "a night of a Maildir with new mail and changed flags",
    open: () => openLife({ protocol: "imap", format: "maildir", nights: [aNight], isRemembered: true }),
  },
])("a power loss during $what loses nothing that a ledger calls stored, and the next run ends it", async ({ open }) => {
  const scenario = await open();
  try {
    const record = await recordRun(scenario);
    const count = await sweepImages(scenario, record, images);
    expect(count).toBe(images);
    swept("crash images", count);
  } finally {
    await scenario.close();
  }
});

test("nor one during a move, or while packs are made and pruned", async () => {
  for (const open of [() => openMove(1), openVault]) {
    const scenario = await open();
    try {
      const record = await recordRun(scenario as Awaited<ReturnType<typeof openVault>>);
      swept("crash images", await sweepImages(scenario as Awaited<ReturnType<typeof openVault>>, record, 3));
    } finally {
      await scenario.close();
    }
  }
});

test("the images are of a disk that loses: without a sync there is less, with it all", async () => {
  const scenario = await openLife({ protocol: "pop3", format: "mbox" });
  try {
    const record = await recordRun(scenario);
    const last = record.points.at(-1)?.at ?? 0;
    const sizes = lossesPerPoint.map((loss) => {
      const image = imageAt(record, last, loss);
      return image.get("archive/mbox/INBOX.mbox")?.length;
    });
    // At the end all of the mail is synced, whatever is lost of the rest.
    expect(new Set(sizes).size).toBe(1);
    // Before its first sync none of it need be there, and torn octets are.
    const first = record.points.find(({ before }) => before === "sync of archive/mbox/INBOX.mbox")?.at ?? 0;
    const before = lossesPerPoint.map((loss) =>
      imageAt(record, first, loss).get("archive/mbox/INBOX.mbox")?.toString("latin1"),
    );
    expect(before[0] ?? "").toBe("");
    expect(before[1]?.length).toBe(sizes[0]);
    expect(new Set(before).size).toBeGreaterThan(8);
  } finally {
    await scenario.close();
  }
});
