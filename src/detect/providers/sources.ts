// Where entries were read, and when.

/** The day on which all entries were last compared with their sources. */
export const checked = "2026-11-26";

/** A file of Thunderbird's ISPDB: facts only were taken. */
export function ispdb(file: string): string {
  return `https://github.com/thunderbird/autoconfig/blob/master/ispdb/${file}`;
}
