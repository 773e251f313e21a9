// imapsync, on a sample.

import { type Contender, lookFor, targetOf } from "../contender.ts";
import { countImap } from "../floors/drain-imap.ts";
import type { Login } from "../login.ts";
import { writeConfig } from "./files.ts";

export function imapsync(): Contender {
  return {
    name: "imapsync",
    isSample: true,
    obstacle: () => lookFor("imapsync"),
    async prepare(task) {
      const target = targetOf(task);
      const side = async (number: 1 | 2, login: Login) => [
        ...[`--host${number}`, login.host, `--port${number}`, `${login.port}`, `--user${number}`, login.user],
        ...[`--passfile${number}`, await writeConfig(task, `password${number}`, [login.password])],
        ...[`--nossl${number}`, `--notls${number}`],
      ];
      const options = ["--nolog", "--noreleasecheck", "--nomodules_version", "--tmpdir", task.folder];
      return {
        words: ["imapsync", ...(await side(1, task.source)), ...(await side(2, target)), ...options],
        arrived: () => countImap(target),
      };
    },
  };
}
