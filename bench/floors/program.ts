// The floors as programs of their own, so that their CPU time and memory are measured as everybody's are.
//   drain imap|pop3 HOST PORT USER     the password is in BENCH_PASSWORD
//   write files|mbox FOLDER SIZES      SIZES is a JSON file: for each mailbox, the sizes of its messages
// Prints how many messages that were, as JSON.

import { readFileSync } from "node:fs";
import { drainImap } from "./drain-imap.ts";
import { drainPop3 } from "./drain-pop3.ts";
import { type Sizes, writeFiles, writeMboxes } from "./write.ts";

const [verb, kind, ...rest] = process.argv.slice(2);
const messages = verb === "drain" ? await drain(rest) : await write(rest);
console.log(JSON.stringify({ messages }));

async function drain([host = "", port = "", user = ""]: readonly string[]): Promise<number> {
  const login = { host, port: Number(port), user, password: process.env.BENCH_PASSWORD ?? "" };
  return (await (kind === "pop3" ? drainPop3(login) : drainImap(login))).messages;
}

async function write([folder = "", sizesFile = ""]: readonly string[]): Promise<number> {
  const mailboxes: readonly Sizes[] = JSON.parse(readFileSync(sizesFile, "utf8"));
  if (kind === "files") await writeFiles(folder, mailboxes);
  else writeMboxes(folder, mailboxes);
  return mailboxes.reduce((sum, { sizes }) => sum + sizes.length, 0);
}
