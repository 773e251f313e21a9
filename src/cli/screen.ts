// Where commands write, and whether with colour: decided once, here.

export type ColorChoice = "auto" | "always" | "never";

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** As much of a terminal as bars need. */
export type Terminal = NodeJS.WritableStream & { readonly columns: number };

export interface Screen {
  /** The result. Whoever writes a lot awaits what this returns, so that a slow reader is waited for. */
  out(text: string): Promise<void>;
  /** Progress and talk. */
  err(text: string): void;
  readonly outPaint: Paint;
  readonly errPaint: Paint;
  /** The terminal to draw bars on, where there is one that is to be drawn on. */
  readonly bars: Terminal | undefined;
}

/** A terminal, or whatever the output was sent to. */
type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface ScreenStreams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

export interface ScreenOptions {
  readonly color: ColorChoice;
  /** No bars and no colour. */
  readonly plain: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Asked for on the command line wins over the environment (no-color.org), and that over what the stream is. */
export function usesColor(stream: { readonly isTTY?: boolean }, options: ScreenOptions): boolean {
  if (options.plain || options.color === "never") return false;
  if (options.color === "always") return true;
  return stream.isTTY === true && !options.env.NO_COLOR && options.env.TERM !== "dumb";
}

export function createPaint(color: boolean): Paint {
  const sgr = (code: number) => (text: string) => (color && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { bold: sgr(1), dim: sgr(2), red: sgr(31), green: sgr(32), yellow: sgr(33) };
}

function isTerminal(stream: Stream): stream is Terminal {
  return stream.isTTY === true && stream.columns !== undefined && stream.columns > 0;
}

export function openScreen({ stdout, stderr }: ScreenStreams, options: ScreenOptions): Screen {
  for (const stream of [stdout, stderr]) {
    // `mailferry ls ARCHIVE | head`: the reader has enough. The work goes on, only nobody listens.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  return {
    out: (text) => new Promise((resolve) => stdout.write(text, () => resolve())),
    err: (text) => void stderr.write(text),
    outPaint: createPaint(usesColor(stdout, options)),
    errPaint: createPaint(usesColor(stderr, options)),
    bars: usesColor(stderr, options) && isTerminal(stderr) ? stderr : undefined,
  };
}
