// Runs one job of an account on loopback and kills itself, with SIGKILL, at a chosen step; prints the number of steps
// if it lives to the end.
//   node kill-child.mjs '{"at": 17, "from": {"protocol": "pop3", "port": 1110, …}, "to": {"archive": "…", "format": "mbox"}}'
//   node kill-child.mjs '{"at": 17, "from": {…}, "to": {"account": {"port": 1143, …}}, "stateDirectory": "…"}'
//   node kill-child.mjs '{"at": 17, "from": {"mbox": "…"}, "to": {…}, "job": {"name": "nightly", …}, "now": "2026-11-22T01:30:00Z"}'

import { crashAt } from "./crash-at.mjs";
import { limitFiles } from "./small-files.mjs";

const { at, from, to, stateDirectory, trigger, job: changes, now, fileOctets } = JSON.parse(process.argv[2]);
if (fileOctets !== undefined) limitFiles(fileOctets);
const { runJobs } = await import("../../dist/jobs/run.js");

const disk = crashAt({
  at,
  everywhere: true,
  die() {
    process.kill(process.pid, "SIGKILL");
    // Another thread may take the signal: nothing more may happen on this one.
    for (;;);
  },
});
const account = ({ protocol, port, user, password }) => ({
  protocol,
  host: "127.0.0.1",
  port,
  tls: "none",
  user,
  auth: "auto",
  secret: async () => password,
  timeoutMs: 10_000,
  connections: 2,
});
const job = {
  name: "killed",
  from: "protocol" in from ? account(from) : from,
  to: "account" in to ? { account: account(to.account), under: [] } : to,
  mailboxes: { include: ["*"], exclude: [], map: [] },
  filter: {},
  verify: "never",
  retry: { attempts: 1, maxWaitMs: 0 },
  ...changes,
};
const report = await runJobs([job], {
  concurrency: 2,
  stateDirectory,
  trigger,
  clock: () => (now === undefined ? new Date() : new Date(now)),
});
if (report.verdict !== "safe") throw new Error(JSON.stringify(report));
process.stdout.write(String(disk.steps));
process.exit(0);
