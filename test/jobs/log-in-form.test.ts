// A user name in a form that the provider does not take.

import { describe, expect, test } from "vitest";
import { formatFailure } from "../../src/cli/errors.ts";
import { createPaint } from "../../src/cli/screen.ts";
import { MailferryError } from "../../src/errors.ts";
import { withLogInForm } from "../../src/jobs/log-in-form.ts";
import type { Language } from "../../src/language/language.ts";

const refused = (host: string, user: string, code: "A201" | "A204" = "A201") =>
  withLogInForm(
    { host, user } as Parameters<typeof withLogInForm>[0],
    new MailferryError(code, `${host} refused the log-in for ${user}: "no"`, {
      scope: "session",
      retry: "never",
      isLogInRefused: true,
    }),
  );

async function told(error: Error, language: Language): Promise<string> {
  const paint = createPaint(false);
  const screen = {
    out: async () => undefined,
    err: () => undefined,
    outPaint: paint,
    errPaint: paint,
    bars: undefined,
  };
  return (await formatFailure(error, "run", screen, "", language)).replaceAll(/\s+/g, " ");
}

describe("a log-in that was refused", () => {
  test("is told as one of the form where the table knows another, with its way out in both languages", async () => {
    const error = await refused("imap.free.fr", "ada@free.fr");
    expect(error).toMatchObject({ code: "A205", scope: "session", retry: "never", isLogInRefused: true });
    expect(await told(error, "en")).toMatch(
      /log-in form MF-A205 Why imap\.free\.fr refused .* 1\. Free wants only what stands before the @ as the user name/,
    );
    expect(await told(error, "fr")).toMatch(
      /forme de l’identifiant MF-A205 Cause imap\.free\.fr a refusé .* 1\. Free veut comme identifiant seulement ce qui précède le @/,
    );
    expect(await refused("imap.orange.fr", "ada")).toMatchObject({ code: "A205", remedy: /only the whole address/ });
  });

  test("stays what it is where the form is right, nobody knows it, or it was refused for another reason", async () => {
    for (const error of [
      await refused("imap.free.fr", "ada"),
      await refused("imap.example.org", "ada@example.org"),
      await refused("imap.free.fr", "ada@free.fr", "A204"),
    ])
      expect(error).not.toMatchObject({ code: "A205" });
  });
});
