import { describe, expect, it } from "vitest";
import { classified, learnNews } from "../../src/protocol/imap-loss.ts";
import { openImapSession } from "../../src/protocol/imap-session.ts";
import { failureOf, imapAccount } from "../support/imap.ts";
import { imapStage, login } from "../support/imap-stage.ts";

const { serve } = imapStage();

describe("a session that is lost", () => {
  it.each(["at the question", "before it", "before anybody has noticed"])(
    "%s has no news: it is lost",
    async (when) => {
      const { server } = await serve();
      const session = await openImapSession(imapAccount(server.port, login));
      await session.client.mailboxOpen("INBOX");
      await learnNews(session);
      server.script.onCommand = ({ name }) => (name === "NOOP" ? "drop" : undefined);
      if (when === "before it") session.close();
      // imapflow is told of the end of its socket a turn later.
      if (when === "before anybody has noticed") session.client.unbind().socket.destroy();
      const lost = { code: "N302", scope: "session", retry: "now" };
      expect(await failureOf(learnNews(session))).toMatchObject(lost);
      expect(await failureOf(classified(session, session.client.getQuota("INBOX")))).toMatchObject(lost);
    },
  );

  it("leaves the error of a command that was refused as it is", async () => {
    const { server } = await serve();
    const session = await openImapSession(imapAccount(server.port, login));
    const refused = await classified(session, session.client.mailboxOpen("nowhere")).catch((error: unknown) => error);
    expect(refused).toMatchObject({ responseStatus: "NO" });
    session.close();
  });
});
