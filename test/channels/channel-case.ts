// One way in which a channel, or the log-in over it, may be other than it should.

import type { Account } from "../../src/account.ts";
import type { ErrorCode } from "../../src/errors.ts";
import { makeCertificate, type TestCertificate } from "../support/certificates.ts";
import type { OverhearingOptions } from "../support/overhearing-server.ts";

export type Protocol = "imap" | "pop3";

export interface ChannelCase {
  readonly name: string;
  readonly protocol: Protocol;
  readonly server: Omit<OverhearingOptions, "protocol">;
  readonly account: Partial<Account>;
  /** `granted`: it logs in. With one of the codes it does not, and nothing of user and password leaves. */
  readonly expected: "granted" | ErrorCode | readonly ErrorCode[];
  /** In the message or the remedy. */
  readonly words?: RegExp;
}

/** The channel as it should be: cases differ from it in one thing. */
export interface GoodChannel {
  readonly certificate: TestCertificate;
  readonly implicit: { readonly server: ChannelCase["server"]; readonly account: Partial<Account> };
  readonly upgraded: { readonly server: ChannelCase["server"]; readonly account: Partial<Account> };
}

export async function makeGoodChannel(): Promise<GoodChannel> {
  const certificate = await makeCertificate();
  const { cert } = certificate;
  return {
    certificate,
    implicit: { server: { tls: "implicit", certificate }, account: { tls: "implicit", tlsCa: cert } },
    upgraded: { server: { tls: "upgrade", certificate }, account: { tls: "starttls", tlsCa: cert } },
  };
}
