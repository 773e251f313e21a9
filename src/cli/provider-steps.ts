// Steps for log-ins that were refused, by what is known of the provider.

import type { Guide, Provider } from "../detect/provider.ts";
import { providerOfHost } from "../detect/table.ts";
import type { ErrorCode } from "../errors.ts";
import type { Language } from "../language/language.ts";
import { hostIn } from "./failed-account.ts";
import { stepTexts } from "./texts/steps.ts";

/** As much of a provider as the steps need. */
export type ProviderHints = Pick<Provider, "name" | "logIn" | "password" | "switchOn" | "appPassword">;

/** The provider whose server an error's message begins with. */
export function providerIn(message: string): ProviderHints | undefined {
  const host = hostIn(message);
  return host === undefined ? undefined : providerOfHost(host);
}

/** None where the provider is no help with this code. */
export function providerSteps(code: ErrorCode, provider: ProviderHints, language: Language): string[] {
  const { switchOn, appPassword, logIn, password } = provider;
  const say = stepTexts.in(language);
  const name = { provider: provider.name };
  const whereIs = ({ words, url }: Guide = {}) => {
    const way = words?.in(language);
    if (way === undefined || url === undefined) return way ?? url ?? say("settings");
    return `${way} (${url})`;
  };
  const forms = logIn.length === 1 ? [say(logIn[0] === "local" ? "form.local" : "form.address", name)] : [];
  const access = switchOn === undefined ? [] : [say("switch-on", { ...name, where: whereIs(switchOn) })];
  const where = { ...name, where: whereIs(appPassword) };
  const secrets: Readonly<Record<Provider["password"], readonly string[]>> = {
    account: [],
    app: [say("app-password", where)],
    "app-if-two-step": [say("app-password.two-step", where)],
    separate: [say("separate", where)],
    none: [say("oauth", name)],
  };
  const secret = secrets[password];
  switch (code) {
    case "A201":
      return password === "none"
        ? [...secret]
        : [...(secret.length > 0 ? secret : [say("webmail", name)]), ...access, ...forms];
    case "A202":
      return password === "account" ? [] : [...secret];
    case "A203":
      return [...secret];
    case "A204":
      return access.length > 0 ? access : [say("switch-on.unknown", name)];
    case "A205":
      return forms;
    default:
      return [];
  }
}
