// In which runs a process is killed. Each source to each target, the first time and when there is something new; and all
// that makes a run another one than that.

import { appendingTargets } from "../support/moves.ts";
import { type SourceKind, sourceKinds } from "./sources.ts";
import { type TargetKind, targetKinds } from "./targets.ts";

export interface Scenario {
  readonly name: string;
  readonly from: SourceKind;
  readonly to: TargetKind;
  /** Days on which the job has run before; there is something new after each. */
  readonly daysBefore?: number;
  /** What else happens at the source after that. */
  readonly meanwhile?: "flags are changed" | "renumbered";
  /** The run after the death dies too. */
  readonly twice?: true;
  /** Mail from elsewhere comes to the target meanwhile. */
  readonly isBusy?: true;
  /** What the target offers to whoever appends; the fastest if not given. */
  readonly capabilities?: readonly string[];
  /** Only so many packs are kept. */
  readonly keepLast?: number;
  /** No mbox file can be larger. */
  readonly fileOctets?: number;
  /** Mail by mailbox; the usual letters if not given. */
  readonly mail?: Readonly<Record<string, readonly Buffer[]>>;
}

const routes = sourceKinds.flatMap((from) => targetKinds.map((to) => ({ from, to, route: `${from} to ${to}` })));
const offering = (offers: string) => appendingTargets.find((each) => each.offers === offers)?.capabilities ?? [];

export const scenarios: readonly Scenario[] = [
  ...routes.map(({ route, ...ends }) => ({ ...ends, name: `${route}: the first run` })),
  ...routes.map(({ route, ...ends }) => ({ ...ends, name: `${route}: something new`, daysBefore: 1 })),
  ...routes
    .filter(({ from, to }) => sourceKinds.indexOf(from) % targetKinds.length === targetKinds.indexOf(to))
    .map(({ route, ...ends }) => ({ ...ends, name: `${route}: killed twice`, twice: true as const })),
  { name: "imap to imap: killed twice, with something new", from: "imap", to: "imap", daysBefore: 1, twice: true },
  ...(["maildir", "mbox", "imap"] as const).map((to) => ({
    name: `imap to ${to}: flags are changed at the source`,
    from: "imap" as const,
    to,
    daysBefore: 1,
    meanwhile: "flags are changed" as const,
  })),
  {
    name: "maildir to imap: flags are changed at the source",
    from: "maildir",
    to: "imap",
    daysBefore: 1,
    meanwhile: "flags are changed",
  },
  ...(["maildir", "mbox", "imap"] as const).flatMap((to) => [
    {
      name: `imap to ${to}: another UIDVALIDITY, and something new`,
      from: "imap" as const,
      to,
      daysBefore: 1,
      meanwhile: "renumbered" as const,
    },
    {
      name: `pop3 to ${to}: other UIDLs, and something new`,
      from: "pop3" as const,
      to,
      daysBefore: 1,
      meanwhile: "renumbered" as const,
    },
  ]),
  { name: "maildir to pack: old packs are removed", from: "maildir", to: "pack", daysBefore: 3, keepLast: 2 },
  { name: "imap to imap: mail from elsewhere comes meanwhile", from: "imap", to: "imap", isBusy: true },
  ...["nothing", "LITERAL- UIDPLUS", "LITERAL+ UIDPLUS", "LITERAL+ MULTIAPPEND"].map((offers) => ({
    name: `imap to imap: mail from elsewhere comes meanwhile, to a server that offers ${offers}`,
    from: "imap" as const,
    to: "imap" as const,
    isBusy: true as const,
    daysBefore: 1,
    capabilities: offering(offers),
  })),
  {
    name: "maildir to imap: a batch is sent ahead while a large one is read back",
    from: "maildir",
    to: "imap",
    mail: twoBatches(),
  },
  ...(["mbox", "maildir"] as const).map((to) => ({
    name: `maildir to ${to}: a message too large for memory`,
    from: "maildir" as const,
    to,
    mail: { INBOX: [numbered(1, 140_000), numbered(2, 2)] },
  })),
  // The longest of the letters just fits.
  ...[
    { name: "imap to mbox in parts: the first run" },
    { name: "pop3 to mbox in parts: something new", from: "pop3" as const, daysBefore: 1 },
    { name: "maildir to mbox in parts: killed twice", from: "maildir" as const, twice: true as const },
  ].map((scenario) => ({ from: "imap" as const, to: "mbox" as const, fileOctets: 7_400, ...scenario })),
];

/** A line has some 32 octets. */
function numbered(n: number, lines: number): Buffer {
  return Buffer.from(`Subject: ${n}\r\n\r\n${`${n} is the number of this message\r\n`.repeat(lines)}`);
}

/** The first batch is full at 4 MiB; what comes after it is on its way before all of it is read back. */
function twoBatches(): Record<string, Buffer[]> {
  return { INBOX: Array.from({ length: 9 }, (_, n) => numbered(n, n < 3 ? 45_000 : 2)) };
}
