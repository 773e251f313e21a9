// The certificate authorities that a job file names, read when it is loaded, so that a wrong path is a mistake of the file.

import { type CheckedText, toMistake } from "./check.ts";
import { JobFileError, type Mistake, type Path, quote } from "./mistakes.ts";
import { resolvePath } from "./places.ts";
import { describeExposure, readPrivateFile } from "./private-file.ts";

const longestFile = 4 * 1024 * 1024;

/** A `tlsCa` and its place in the file. */
export interface NamedCertificate {
  readonly path: Path;
  readonly tlsCa: string;
}

/** The PEM texts, in that order. Rejects with a JobFileError that has all that is wrong with them. */
export async function readCertificates(
  { yaml }: CheckedText,
  named: readonly NamedCertificate[],
  file: string,
  baseDir: string,
): Promise<readonly string[]> {
  const mistakes: Mistake[] = [];
  const texts: string[] = [];
  for (const { path, tlsCa } of named) {
    const wrong = (message: string) => mistakes.push(toMistake({ path, message, ...yaml.locate(path, "value") }, yaml));
    // Whoever can change it decides which servers are trusted.
    const read = await readPrivateFile(resolvePath(baseDir, tlsCa), { forbiddenMode: 0o022, maxOctets: longestFile });
    switch (read.outcome) {
      case "read": {
        const pem = read.octets.toString("utf8");
        if (!pem.includes("-----BEGIN CERTIFICATE-----")) wrong(`${quote(tlsCa)} has no certificate in PEM form`);
        texts.push(pem);
        break;
      }
      case "too-open":
        wrong(`others can change ${quote(tlsCa)} (mode ${read.mode}), and with it which servers are trusted`);
        break;
      case "too-long":
        wrong(`${quote(tlsCa)} is too long for certificates (more than ${longestFile} octets)`);
        break;
      case "unreadable":
        wrong(`${quote(tlsCa)} can't be read (${read.reason})`);
        break;
      default:
        wrong(describeExposure(read, quote(tlsCa)).message);
    }
  }
  if (mistakes.length > 0) throw new JobFileError(file, mistakes);
  return texts;
}
