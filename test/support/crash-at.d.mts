export interface Disk {
  /** Steps so far. */
  readonly steps: number;
  readonly dead: boolean;
}
export function crashAt(options: { at: number; die?: () => void; everywhere?: boolean }): Disk;
export function mend(): void;
