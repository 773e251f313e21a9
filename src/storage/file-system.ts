// What kind of file system a path lies on, as far as it matters to mail: the one table of them.

import { statfsSync } from "node:fs";

export interface FileSystem {
  /** As people call it: `FAT32`, `NFS`. Undefined where the system does not tell, or it is one like others. */
  readonly name: string | undefined;
  /** Over a network: locks are seen by this machine alone. */
  readonly isRemote: boolean;
  /** Gone with the next start of the machine. */
  readonly isVolatile: boolean;
  /** The largest file, in octets. */
  readonly largestFile: number | undefined;
  /** Names of files may have a colon, as those of a Maildir do. */
  readonly takesColons: boolean;
}

/** linux/magic.h and the sources of Linux's file systems. */
const kinds = new Map<number, Partial<FileSystem>>([
  [0x4d44, { name: "FAT32", largestFile: 2 ** 32 - 1, takesColons: false }],
  [0x2011bab0, { name: "exFAT", takesColons: false }],
  [0x5346544e, { name: "NTFS" }],
  [0x7366746e, { name: "NTFS", takesColons: false }],
  [0x6969, { name: "NFS", isRemote: true }],
  [0x517b, { name: "SMB", isRemote: true }],
  [0xff534d42, { name: "SMB", isRemote: true }],
  [0xfe534d42, { name: "SMB", isRemote: true }],
  [0x5346414f, { name: "AFS", isRemote: true }],
  [0x00c36400, { name: "Ceph", isRemote: true }],
  [0x01021994, { name: "tmpfs", isVolatile: true }],
  [0x858458f6, { name: "ramfs", isVolatile: true }],
  [0x65735546, { name: "FUSE" }],
  [0x794c7630, { name: "overlay" }],
  [0xef53, { name: "ext4" }],
  [0x9123683e, { name: "Btrfs" }],
  [0x58465342, { name: "XFS" }],
  [0x2fc12fc1, { name: "ZFS" }],
]);

const like: FileSystem = {
  name: undefined,
  isRemote: false,
  isVolatile: false,
  largestFile: undefined,
  takesColons: true,
};

/** By its number in statfs(2) of Linux. */
export function fileSystemOfType(type: number): FileSystem {
  return { ...like, ...kinds.get(type >>> 0) };
}

/** Of a path that is there. Other systems than Linux number theirs differently: nothing is known of them. */
export function fileSystemOf(path: string, isLinux: boolean): FileSystem {
  try {
    return isLinux ? fileSystemOfType(statfsSync(path).type) : like;
  } catch {
    return like;
  }
}
