// The command line of the benchmark.

import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { type Work, works } from "./works.ts";

export interface Arguments {
  readonly messages: number;
  readonly rounds: number;
  readonly directory: string;
  readonly selected: readonly { readonly work: Work; readonly roundTripMs: number }[];
}

const blocks = works.flatMap((work) => work.roundTripsMs.map((roundTripMs) => ({ work, roundTripMs })));

const help = `npm run bench -- [OPTION…]
Times mailferry and the mail programs found on this machine, in turn, against a Dovecot of its own on loopback.

  --messages N       in the IMAP account, 20000 by default; the POP3 account gets a quarter
  --rounds N         how often everybody runs, 3 by default; programs that are very slow run once, on a twentieth
  --only WORK,…      only these; WORK@40 is the one with 40 ms round trip, WORK both:
                     ${works.map((work) => `${work.name} (${work.roundTripsMs.join(", ")} ms)`).join("\n                     ")}
  --dir DIR          where mail is kept and written to, ${tmpdir()} by default. It needs 60 times the room of the mail, about
                     30 GB for 20000 messages with 3 rounds: nothing is deleted before the end
  --help             this

The table goes to stdout, progress to stderr, and everything to build/bench.json.`;

/** A string is what to print instead of running: help, or what is wrong with the arguments. */
export function parseArguments(
  words: readonly string[],
): Arguments | { readonly text: string; readonly exitCode: 0 | 2 } {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        messages: { type: "string", default: "20000" },
        rounds: { type: "string", default: "3" },
        only: { type: "string" },
        dir: { type: "string", default: tmpdir() },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return { text: help, exitCode: 0 };
    return {
      messages: parseCount("--messages", values.messages),
      rounds: parseCount("--rounds", values.rounds),
      directory: values.dir,
      selected: values.only === undefined ? blocks : select(values.only.split(",")),
    };
  } catch (error) {
    return { text: `${error instanceof Error ? error.message : error}\n\n${help}`, exitCode: 2 };
  }
}

function parseCount(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${option} ${text}: not a number from 1`);
  return Number(text);
}

function select(names: readonly string[]): Arguments["selected"] {
  const matches = (name: string, { work, roundTripMs }: (typeof blocks)[number]) =>
    name === work.name || name === `${work.name}@${roundTripMs}`;
  const unknown = names.find((name) => !blocks.some((block) => matches(name, block)));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: there is no such work`);
  return blocks.filter((block) => names.some((name) => matches(name, block)));
}
