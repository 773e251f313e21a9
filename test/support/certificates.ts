// Certificates for servers on loopback: self-signed, unless an authority is given.

import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { generate } from "selfsigned";

export interface TestCertificate {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  /** As an account pins it: `SHA256:` and colon-separated hexadecimal. */
  readonly fingerprint: string;
}

/** A self-signed certificate for these host names and addresses, or for this machine. */
export function makeCertificate(...names: readonly string[]): Promise<TestCertificate> {
  return make(names, {});
}

/** One whose last day was yesterday. */
export function makeExpiredCertificate(...names: readonly string[]): Promise<TestCertificate> {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  return make(names, { notBeforeDate: daysAgo(30), notAfterDate: daysAgo(1) });
}

/** One whose first day is tomorrow. */
export function makeFutureCertificate(...names: readonly string[]): Promise<TestCertificate> {
  return make(names, { notBeforeDate: new Date(Date.now() + 86_400_000) });
}

/** One that another has signed, which is an authority. */
export function makeSignedCertificate(
  authority: TestCertificate,
  ...names: readonly string[]
): Promise<TestCertificate> {
  return make(names, { ca: authority });
}

/** One that has an address for the name of a host, as some have: no address matches it. */
export function makeMisnamedCertificate(address: string): Promise<TestCertificate> {
  return make([address], {}, (host) => ({ type: 2, value: host }));
}

async function make(
  names: readonly string[],
  options: {
    readonly notBeforeDate?: Date;
    readonly notAfterDate?: Date;
    readonly ca?: { readonly cert: string; readonly key: string };
  },
  toAltName = altName,
): Promise<TestCertificate> {
  const hosts = names.length === 0 ? ["localhost", "127.0.0.1"] : names;
  const made = await generate([{ name: "commonName", value: hosts[0] ?? "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    ...options,
    extensions: [
      { name: "basicConstraints", cA: options.ca === undefined, critical: true },
      { name: "subjectAltName", altNames: hosts.map((host) => toAltName(host)) },
    ],
  });
  return {
    cert: made.cert,
    key: made.private,
    fingerprint: `SHA256:${new X509Certificate(made.cert).fingerprint256}`,
  };
}

function altName(host: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host };
}
