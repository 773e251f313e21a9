import { constants } from "node:fs";
import { open } from "node:fs/promises";

export type PrivateFile =
  | { readonly outcome: "read"; readonly octets: Buffer }
  /** `mode` in octal, such as `644`. */
  | { readonly outcome: "too-open"; readonly mode: string }
  | { readonly outcome: "too-long" }
  /** `reason` is an errno name or a few words. */
  | { readonly outcome: "unreadable"; readonly reason: string };

/**
 * Reads a file whose permissions matter. They are those of the file that is read: it is opened once and examined open,
 * so it can't be exchanged in between, and a symbolic link is judged by what it leads to.
 */
export async function readPrivateFile(
  path: string,
  { forbiddenMode, maxOctets }: { readonly forbiddenMode: number; readonly maxOctets: number },
): Promise<PrivateFile> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await file.stat();
    if (!stats.isFile()) return { outcome: "unreadable", reason: "not a file" };
    // Windows has no such permissions: Node makes them up.
    if ((stats.mode & forbiddenMode) !== 0 && process.platform !== "win32") {
      return { outcome: "too-open", mode: (stats.mode & 0o777).toString(8) };
    }
    if (stats.size > maxOctets) return { outcome: "too-long" };
    return { outcome: "read", octets: await file.readFile() };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "not readable";
    return { outcome: "unreadable", reason };
  }
}
