// What is measured: each work with the programs that can do it.

import type { Contender } from "./contender.ts";
import { fetchmail } from "./tools/fetchmail.ts";
import { drain, drainName, write, writeName } from "./tools/floor.ts";
import { getmail } from "./tools/getmail.ts";
import { imapcopy } from "./tools/imapcopy.ts";
import { imapsync } from "./tools/imapsync.ts";
import { mailferry } from "./tools/mailferry.ts";
import { mbsync } from "./tools/mbsync.ts";
import { mpop } from "./tools/mpop.ts";
import { offlineimap } from "./tools/offlineimap.ts";

export interface Work {
  readonly name: string;
  readonly title: string;
  readonly protocol: "imap" | "pop3";
  readonly roundTripsMs: readonly number[];
  readonly output: "disk" | "memory" | "account";
  /** Everything has been brought before: what is timed is to find nothing new. */
  readonly isRepeat?: true;
  /** The contender that the others are held against. */
  readonly reference: string;
  /** The contenders whose times together are the floor; none where there is nothing that could be called one. */
  readonly floor: readonly string[];
  readonly contenders: readonly Contender[];
}

export const longRoundTripMs = 40;
const near = [0];
const nearAndFar = [0, longRoundTripMs];

export const works: readonly Work[] = [
  {
    name: "imap-maildir",
    title: "IMAP -> Maildir on disk, durable",
    protocol: "imap",
    roundTripsMs: nearAndFar,
    output: "disk",
    reference: "mbsync",
    floor: [drainName, writeName],
    contenders: [
      mailferry("imap", "maildir"),
      mbsync("maildir"),
      drain("imap"),
      write("files"),
      getmail("imap", "maildir"),
      offlineimap(),
    ],
  },
  {
    name: "imap-maildir-tmpfs",
    title: "IMAP -> Maildir in memory (tmpfs)",
    protocol: "imap",
    roundTripsMs: near,
    output: "memory",
    reference: "mbsync",
    floor: [drainName, writeName],
    contenders: [mailferry("imap", "maildir"), mbsync("maildir"), drain("imap"), write("files")],
  },
  {
    name: "imap-mbox",
    title: "IMAP -> mbox on disk, durable",
    protocol: "imap",
    roundTripsMs: nearAndFar,
    output: "disk",
    // It writes no mbox: what it takes for its Maildir is the yardstick.
    reference: "mbsync (Maildir)",
    floor: [drainName, writeName],
    contenders: [mailferry("imap", "mbox"), mbsync("maildir", "mbsync (Maildir)"), drain("imap"), write("mbox")],
  },
  {
    name: "nothing-new",
    title: "IMAP -> Maildir again, nothing new",
    protocol: "imap",
    roundTripsMs: nearAndFar,
    output: "disk",
    isRepeat: true,
    reference: "mbsync",
    floor: [],
    contenders: [mailferry("imap", "maildir"), mbsync("maildir")],
  },
  {
    name: "pop3-mbox",
    title: "POP3 -> mbox on disk, durable",
    protocol: "pop3",
    roundTripsMs: nearAndFar,
    output: "disk",
    reference: "mpop",
    floor: [drainName, writeName],
    contenders: [
      mailferry("pop3", "mbox"),
      mpop("mbox"),
      drain("pop3"),
      write("mbox"),
      getmail("pop3", "mbox"),
      fetchmail(),
    ],
  },
  {
    name: "pop3-maildir",
    title: "POP3 -> Maildir on disk, durable",
    protocol: "pop3",
    roundTripsMs: nearAndFar,
    output: "disk",
    reference: "mpop",
    floor: [drainName, writeName],
    contenders: [
      mailferry("pop3", "maildir"),
      mpop("maildir"),
      drain("pop3"),
      write("files"),
      getmail("pop3", "maildir"),
    ],
  },
  {
    name: "imap-imap",
    title: "IMAP -> IMAP, both on one server",
    protocol: "imap",
    roundTripsMs: nearAndFar,
    output: "account",
    reference: "mbsync",
    floor: [],
    contenders: [mailferry("imap", "account"), mbsync("account"), imapsync(), imapcopy()],
  },
];
