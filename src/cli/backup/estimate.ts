// What there is, what is to be copied, how long that may take, and whether it fits.

import { printable } from "../../formats/printable.ts";
import type { MailboxReport } from "../../jobs/events.ts";
import { mailboxName } from "../names.ts";
import { sumOf } from "../summary.ts";
import { unitsIn } from "../units.ts";
import type { Guide } from "./flags.ts";
import type { Rehearsal } from "./log-in.ts";
import { type Place, showPlace } from "./place.ts";

/** Octets a second of lines and servers as people have them, and of messages a second where they are small. */
const pace = { slow: { octets: 500_000, messages: 20 }, fast: { octets: 8_000_000, messages: 400 } };

export function octetsOf({ toCopy }: Rehearsal): number {
  return toCopy.reduce((sum, { octets }) => sum + octets, 0);
}

export function tellEstimate(rehearsal: Rehearsal, { say, tell, invocation }: Guide): void {
  const { octets: size } = unitsIn(invocation.language);
  const { mailboxes } = rehearsal.job;
  const count = (of: (mailbox: MailboxReport) => number) => sumOf(mailboxes, of);
  const onServer = count((mailbox) => mailbox.onServer);
  const toCopy = count((mailbox) => mailbox.missing);
  const octets = octetsOf(rehearsal);
  const time = timeFor(toCopy, octets, { say, invocation });
  const boxes = say("mailboxes", { count: mailboxes.length });
  if (toCopy === 0) {
    tell(say("there.unsized", { mailboxes: boxes, count: onServer }));
    tell(say(onServer === 0 ? "to-copy.none.yet" : "to-copy.none"));
  } else if (toCopy === onServer) {
    tell(say("there.sized", { mailboxes: boxes, count: onServer, size: size(octets) }));
    tell(say("to-copy.all", { time }));
  } else {
    tell(say("there.unsized", { mailboxes: boxes, count: onServer }));
    tell(say("to-copy.some", { count: toCopy, size: size(octets), time }));
  }
  tell(say("nothing-deleted"));
}

function timeFor(messages: number, octets: number, { say, invocation }: Pick<Guide, "say" | "invocation">): string {
  const { duration } = unitsIn(invocation.language);
  const seconds = (at: (typeof pace)["slow"]) => Math.max(octets / at.octets, messages / at.messages);
  const [fast, slow] = [seconds(pace.fast), seconds(pace.slow)];
  if (slow < 60) return say("time.short");
  return say("time.range", {
    from: duration(Math.max(60, Math.ceil(fast / 60) * 60)),
    to: duration(Math.ceil(slow / 60) * 60),
  });
}

/** Why this place won't do, or what is to be known of it; in the order of their weight. */
export function adviceOn(place: Place, rehearsal: Rehearsal | undefined, { say, invocation }: Guide) {
  const { octets: size } = unitsIn(invocation.language);
  const shown = showPlace(place.path, invocation);
  const { free, disk } = place.look;
  const needed = rehearsal === undefined ? 0 : octetsOf(rehearsal);
  const warnings: string[] = [];
  if (free !== undefined && needed > free) {
    warnings.push(say("place.tight", { place: shown, free: size(free), needed: size(needed) }));
  }
  const told = free === undefined ? "" : size(free);
  const notes: string[] = [];
  if (told !== "") notes.push(say(place.goesOn ? "place.goes-on" : "place.free", { place: shown, size: told }));
  if (disk?.takesColons === false && place.format === "mbox") notes.push(say("place.mbox", { disk: disk.name }));
  // It is no reason for another disk: an mbox goes on in further files by itself.
  const { largestFile = Number.POSITIVE_INFINITY } = disk ?? {};
  for (const { mailbox, octets } of place.format === "mbox" ? (rehearsal?.toCopy ?? []) : []) {
    if (octets <= largestFile) continue;
    notes.push(
      say("place.large", { mailbox: mailboxName(mailbox), size: size(octets), disk: printable(disk?.name ?? "") }),
    );
  }
  return { warnings, notes };
}
