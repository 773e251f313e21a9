// Commands for the machine and for those who script: doctor, completion, and what its scripts call.

import { Argument } from "commander";
import { shells } from "../completion/shells.ts";
import type { DoctorFlags } from "../doctor.ts";
import type { Setting } from "./command.ts";

export function addScriptingCommands({ program, say, action }: Setting): void {
  program
    .command("doctor")
    .description(say("doctor"))
    .option("--no-network", say("doctor.no-network"))
    .action((flags: DoctorFlags) =>
      action("doctor", {}, async (invocation) => (await import("../doctor.ts")).doctor(flags, invocation))(),
    );

  program
    .command("completion")
    .description(say("completion"))
    .addArgument(new Argument("<shell>", say("completion.shell")).choices(shells))
    .action((shell: (typeof shells)[number]) =>
      action("completion", {}, async (invocation) =>
        (await import("../completion/scripts.ts")).printScript(shell, invocation),
      )(),
    );

  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .action((words: string[]) =>
      action("__complete", {}, async (invocation) =>
        (await import("../completion/complete.ts")).complete(words, program, invocation),
      )(),
    );
}
