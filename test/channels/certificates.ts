// Certificates that hold and that do not, from the first octet and after STARTTLS or STLS, and old versions of TLS.

import type { Account } from "../../src/account.ts";
import {
  makeCertificate,
  makeExpiredCertificate,
  makeFutureCertificate,
  makeMisnamedCertificate,
  makeSignedCertificate,
  type TestCertificate,
} from "../support/certificates.ts";
import type { OverhearingOptions } from "../support/overhearing-server.ts";
import type { ChannelCase, Protocol } from "./channel-case.ts";

interface Shown {
  readonly name: string;
  readonly certificate: TestCertificate;
  readonly account?: Partial<Account>;
  readonly newestTls?: OverhearingOptions["newestTls"];
  readonly isTrusted?: true;
  readonly words?: RegExp;
}

export async function certificateCases(): Promise<(protocol: Protocol) => ChannelCase[]> {
  const [good, other, authority, stranger] = await Promise.all([
    makeCertificate(),
    makeCertificate(),
    makeCertificate("An Authority"),
    makeCertificate("Another Authority"),
  ]);
  const [signed, expired, future, elsewhere, named, addressed, misnamed] = await Promise.all([
    makeSignedCertificate(authority),
    makeExpiredCertificate(),
    makeFutureCertificate(),
    makeCertificate("mail.example.org", "192.0.2.1"),
    makeCertificate("localhost"),
    makeCertificate("127.0.0.1"),
    makeMisnamedCertificate("127.0.0.1"),
  ]);
  const by = (certificate: TestCertificate) => ({ tlsCa: certificate.cert });
  const pinned = ({ fingerprint }: TestCertificate) => ({ tlsFingerprint: fingerprint });
  const asBase64 = `SHA256:${Buffer.from(good.fingerprint.slice(7).replaceAll(":", ""), "hex").toString("base64")}`;
  const shown: Shown[] = [
    { name: "an authority of its own", certificate: signed, account: by(authority), isTrusted: true },
    { name: "itself for an authority", certificate: good, account: by(good), isTrusted: true },
    {
      name: "the name that is asked for",
      certificate: named,
      account: { ...by(named), host: "localhost" },
      isTrusted: true,
    },
    { name: "the address that is asked for", certificate: addressed, account: by(addressed), isTrusted: true },
    { name: "the pinned fingerprint", certificate: elsewhere, account: pinned(elsewhere), isTrusted: true },
    {
      name: "the pinned fingerprint, in base64",
      certificate: good,
      account: { tlsFingerprint: asBase64 },
      isTrusted: true,
    },
    { name: "the pinned fingerprint, expired", certificate: expired, account: pinned(expired), isTrusted: true },
    { name: "nobody to vouch for it", certificate: good },
    { name: "an authority that nobody knows", certificate: signed },
    { name: "another authority than the one that is trusted", certificate: signed, account: by(stranger) },
    { name: "a fingerprint for another authority", certificate: signed, account: pinned(authority) },
    { name: "a last day that is past", certificate: expired, account: by(expired), words: /expired/ },
    { name: "a first day to come", certificate: future, account: by(future), words: /not yet valid/ },
    {
      name: "another name",
      certificate: elsewhere,
      account: { ...by(elsewhere), host: "localhost" },
      words: /localhost/,
    },
    { name: "another address", certificate: elsewhere, account: by(elsewhere), words: /127\.0\.0\.1/ },
    { name: "a name where an address is asked for", certificate: named, account: by(named) },
    {
      name: "an address where a name is asked for",
      certificate: addressed,
      account: { ...by(addressed), host: "localhost" },
    },
    { name: "an address written as a name", certificate: misnamed, account: by(misnamed) },
    {
      name: "another fingerprint than before",
      certificate: other,
      account: pinned(good),
      words: /another certificate/,
    },
    {
      name: "another fingerprint, though it is trusted",
      certificate: other,
      account: { ...by(other), ...pinned(good) },
    },
    { name: "TLS 1.1 at most", certificate: good, account: by(good), newestTls: "TLSv1.1" },
    { name: "TLS 1.0 at most, pinned", certificate: good, account: pinned(good), newestTls: "TLSv1" },
  ];
  return (protocol) =>
    (["implicit", "upgrade"] as const).flatMap((tls) =>
      shown.map(
        ({ name, certificate, account, newestTls, isTrusted, words }): ChannelCase => ({
          name: `a certificate with ${name}${tls === "upgrade" ? ", after the upgrade" : ""}`,
          protocol,
          server: { tls, certificate, newestTls },
          account: { tls: tls === "upgrade" ? "starttls" : "implicit", ...account },
          // Some only hang up.
          expected: isTrusted ? "granted" : newestTls === undefined ? "N303" : ["N302", "N303"],
          ...(words === undefined ? {} : { words }),
        }),
      ),
    );
}

/** What is no TLS at all where TLS is expected, and what an account without TLS is allowed. */
export function clearCases(protocol: Protocol): ChannelCase[] {
  return [
    {
      name: "plain text where TLS is expected",
      protocol,
      server: { tls: "none" },
      account: { tls: "implicit" },
      expected: "N303",
    },
    {
      name: "no TLS where none is wanted",
      protocol,
      server: { tls: "none" },
      account: { tls: "none" },
      expected: "granted",
    },
  ];
}
