// mailferry as it is installed: the built program, with nothing in the job file that a user would not have to write.

import { join } from "node:path";
import { type Contender, type Task, targetOf } from "../contender.ts";
import { countMaildir, countMboxes } from "../count.ts";
import { countImap } from "../floors/drain-imap.ts";
import type { Login } from "../login.ts";
import { product } from "../places.ts";
import { writeConfig } from "./files.ts";

export function mailferry(protocol: "imap" | "pop3", target: "maildir" | "mbox" | "account"): Contender {
  return {
    name: "mailferry",
    obstacle: () => undefined,
    async prepare(task) {
      const { source } = task;
      const account = (login: Login) => ({
        protocol,
        host: login.host,
        port: login.port,
        tls: "none",
        user: login.user,
        password: { env: "BENCH_PASSWORD" },
      });
      const accounts = {
        source: account(source),
        ...(target === "account" && { target: account(targetOf(task)) }),
      };
      const to = target === "account" ? { account: "target" } : { archive: "./archive", format: target };
      // JSON is YAML.
      const jobFile = JSON.stringify({ version: 1, accounts, jobs: [{ name: "bench", from: "source", to }] });
      const path = await writeConfig(task, "jobs.yaml", [jobFile]);
      return {
        words: [process.execPath, product, "run", "-c", path, "--json"],
        env: {
          BENCH_PASSWORD: source.password,
          XDG_CONFIG_HOME: join(task.folder, "config"),
          XDG_STATE_HOME: join(task.folder, "state"),
          XDG_CACHE_HOME: join(task.folder, "cache"),
        },
        arrived: () => count(task, target),
      };
    },
  };
}

function count(task: Task, target: "maildir" | "mbox" | "account"): Promise<number> {
  if (target === "account") return countImap(targetOf(task));
  const mail = join(task.folder, "archive", target);
  return target === "maildir" ? countMaildir(mail) : countMboxes(mail);
}
