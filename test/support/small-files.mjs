// A disk whose files can't be large, as FAT32, but smaller: as there, and under RLIMIT_FSIZE, a write that reaches beyond the
// limit takes what fits, and one that begins there fails with EFBIG. It works on Node's own functions.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const probe = await fs.promises.open(process.execPath);
const prototype = Object.getPrototypeOf(probe);
await probe.close();

export function limitFiles(octets) {
  const { open } = fs.promises;
  const { write } = prototype;
  const limited = new WeakSet();
  fs.promises.open = async (...args) => {
    const handle = await open.apply(fs.promises, args);
    if (/\.mbox$/.test(String(args[0]))) limited.add(handle);
    return handle;
  };
  prototype.write = function (buffer, offset, length, position) {
    if (!limited.has(this)) return write.call(this, buffer, offset, length, position);
    const room = Math.min(length, octets - position);
    if (room > 0) return write.call(this, buffer, offset, room, position);
    const error = Object.assign(new Error("EFBIG: file too large, write"), {
      code: "EFBIG",
      errno: -27,
      syscall: "write",
    });
    return Promise.reject(error);
  };
  syncBuiltinESMExports();
  return {
    end() {
      fs.promises.open = open;
      prototype.write = write;
      syncBuiltinESMExports();
    },
  };
}
