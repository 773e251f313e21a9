// Commands called as main.ts calls them, in this process: what they write is caught, what they throw is the test's.

import type { GlobalOptions, Invocation } from "../../src/cli/invocation.ts";
import { createPaint } from "../../src/cli/screen.ts";
import { temporaryFolder } from "./jobs.ts";

export interface Caught {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the one document on stdout; undefined where stdout is none. */
  readonly document: ReturnType<typeof JSON.parse>;
}

export interface Caller {
  readonly cwd: string;
  /** Where the program keeps what it remembers. */
  readonly state: string;
  call(command: (invocation: Invocation) => Promise<number>, options?: Call): Promise<Caught>;
}

export interface Call extends Partial<GlobalOptions> {
  readonly signal?: AbortSignal;
  /** Called with all that is written to stdout, as it comes. */
  /** The time of day; the system's if not given. */
  readonly clock?: () => Date;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly heard?: (text: string) => void;
}

/** A new folder to call commands in, with a home, a state and a password of its own. */
export function openCaller(password: string): Caller {
  const cwd = temporaryFolder();
  const env = { PW: password, HOME: cwd, XDG_STATE_HOME: `${cwd}/state`, XDG_CONFIG_HOME: `${cwd}/config` };
  return {
    cwd,
    state: `${cwd}/state/mailferry`,
    async call(
      command,
      { signal = new AbortController().signal, clock = () => new Date(), wait, heard, ...options } = {},
    ) {
      let [stdout, stderr] = ["", ""];
      const paint = createPaint(false);
      // Job files are named as they were typed.
      const before = process.cwd();
      process.chdir(cwd);
      const code = await command({
        options: { color: "never", ...options },
        language: options.lang ?? "en",
        screen: {
          async out(text) {
            stdout += text;
            heard?.(text);
          },
          err(text) {
            stderr += text;
          },
          outPaint: paint,
          errPaint: paint,
          bars: undefined,
        },
        env,
        cwd,
        program: ["mailferry"],
        signal,
        clock,
        wait,
        now: () => performance.now(),
      }).finally(() => process.chdir(before));
      const isDocument = /^\{[^\n]*\}\n$/.test(stdout);
      return { code, stdout, stderr, document: isDocument ? JSON.parse(stdout) : undefined };
    },
  };
}
