export type PackFormat = "zip" | "tar.gz";
