import { certificateCases, clearCases } from "./certificates.ts";
import { type ChannelCase, makeGoodChannel } from "./channel-case.ts";
import { imapUpgradeCases } from "./imap-upgrades.ts";
import { pop3UpgradeCases } from "./pop3-upgrades.ts";
import { wayCases } from "./ways.ts";

/** All of them. `decoyPort`: where a referral leads. */
export async function channelCases(decoyPort: number): Promise<ChannelCase[]> {
  const [good, certificates] = await Promise.all([makeGoodChannel(), certificateCases()]);
  return (["imap", "pop3"] as const).flatMap((protocol) => [
    ...certificates(protocol),
    ...clearCases(protocol),
    ...(protocol === "imap" ? imapUpgradeCases(good, decoyPort) : pop3UpgradeCases(good)),
    ...wayCases(protocol, good),
  ]);
}
