// How fast mailferry is to be. All goals but one are ratios within one block: machines differ, and days differ.

export interface Goal {
  readonly work: string;
  readonly roundTripMs: number;
  readonly atMost: number;
  /** What the time is divided by: that of a contender, that of the floor, or a second. */
  readonly of: string;
}

export const floorName = "the floor";
export const secondName = "a second";

/** Octets that no run of mailferry may hold in memory. */
export const memoryGoal = 200e6;

const both = (work: string, of: string, near: number, far: number): Goal[] => [
  { work, of, roundTripMs: 0, atMost: near },
  { work, of, roundTripMs: 40, atMost: far },
];

export const goals: readonly Goal[] = [
  ...both("imap-maildir", "mbsync", 0.75, 0.6),
  { work: "imap-maildir-tmpfs", roundTripMs: 0, atMost: 1, of: "mbsync" },
  ...both("imap-mbox", "mbsync (Maildir)", 0.4, 0.4),
  ...both("imap-mbox", floorName, 2.5, 1.5),
  { work: "nothing-new", roundTripMs: 0, atMost: 0.5, of: secondName },
  { work: "nothing-new", roundTripMs: 40, atMost: 0.5, of: "mbsync" },
  ...both("pop3-mbox", "mpop", 0.5, 0.35),
  ...both("pop3-maildir", "mpop", 0.8, 0.5),
  ...both("imap-imap", "mbsync", 0.35, 0.3),
  ...both("imap-imap", "imapsync", 0.12, 0.01),
];
