export interface Disk {
  /** Steps so far. */
  readonly steps: number;
  readonly dead: boolean;
}
export function crashAt(options: { at: number; die?: () => void; everywhere?: boolean }): Disk;
export function mend(): void;
/** What counts as a step, by name: functions of fs.promises, and methods of a FileHandle. */
export const functions: readonly string[];
export const methods: readonly string[];
