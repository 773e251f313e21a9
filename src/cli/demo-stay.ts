// mailferry demo --stay: servers with a made-up account on this machine, for whoever wants to try `backup` without one.

import { startImapServer } from "../demo/imap-server.ts";
import { createDemoStore } from "../demo/messages.ts";
import { startPop3Server } from "../demo/pop3-server.ts";
import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { lineWidth } from "./block.ts";
import type { Invocation } from "./invocation.ts";
import { commandLine } from "./names.ts";
import { demoStayTexts } from "./texts/demo-stay.ts";
import { wrap } from "./width.ts";

/** Resolves when the signal is aborted. */
export async function stay({ screen, options, program, signal, language }: Invocation): Promise<number> {
  const say = demoStayTexts.in(language);
  const store = createDemoStore();
  const imap = await startImapServer({ store });
  const pop3 = await startPop3Server({ store });
  try {
    const { user, password } = store;
    const command = (port: number) => commandLine(...program, "backup", user, "--server", `127.0.0.1:${port}`);
    const commands = { imap: command(imap.port), pop3: command(pop3.port) };
    if (options.json) {
      const exit = { code: exitCodes.ok, name: "ok" };
      const servers = { imap: { host: "127.0.0.1", port: imap.port }, pop3: { host: "127.0.0.1", port: pop3.port } };
      const head = { v: 1, command: "demo", verdict: "safe", exit };
      await screen.out(`${jsonText({ ...head, user, password, servers, commands })}\n`);
    } else {
      const lines = [
        ...wrap(say("running"), lineWidth),
        "",
        say("elsewhere"),
        "",
        `  ${commands.imap}`,
        "",
        say("password", { password }),
        "",
        say("pop3"),
        "",
        `  ${commands.pop3}`,
        "",
        say("end"),
      ];
      await screen.out(`${lines.join("\n")}\n`);
    }
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  } finally {
    await Promise.all([imap.close(), pop3.close()]);
  }
  return exitCodes.ok;
}
