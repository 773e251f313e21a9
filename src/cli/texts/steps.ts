// What to do about a log-in, where the provider is known.

import { texts } from "../../language/texts.ts";

export const stepTexts = texts(
  {
    explain: "More about it: mailferry explain MF-{code}",
    webmail:
      "Log in to the webmail of {provider} with the same user name and password: if that fails, the password is wrong.",
    "switch-on": "Switch on the access for mail programs at {provider}: {where}",
    "switch-on.unknown": "Look in the web settings of {provider} whether the access for mail programs is switched on.",
    "app-password": "{provider} wants an app password in place of yours. Make one: {where}",
    "app-password.two-step":
      "With two-step verification {provider} wants an app password in place of yours. Make one: {where}",
    separate: "{provider} has a password of its own for mail programs. Set one: {where}",
    oauth: "{provider} takes no passwords from mail programs any more, only OAuth, which this version does not speak.",
    "form.address": "{provider} wants the whole address as the user name (key user).",
    "form.local": "{provider} wants only what stands before the @ as the user name (key user).",
    settings: "in its web settings, under security or account",
  },
  {
    explain: "Pour en savoir plus : mailferry explain MF-{code}",
    webmail:
      "Connectez-vous au webmail de {provider} avec le même identifiant et le même mot de passe : si cela échoue, c'est le mot de passe.",
    "switch-on": "Activez chez {provider} l'accès par un logiciel de courrier : {where}",
    "switch-on.unknown":
      "Regardez dans les réglages web de {provider} si l'accès par un logiciel de courrier est activé.",
    "app-password": "{provider} veut un mot de passe d'application à la place du vôtre. Créez-en un : {where}",
    "app-password.two-step":
      "Avec la validation en deux étapes, {provider} veut un mot de passe d'application à la place du vôtre. Créez-en un : {where}",
    separate: "{provider} a un mot de passe à part pour les logiciels de courrier. Définissez-le : {where}",
    oauth:
      "{provider} n'accepte plus de mot de passe des logiciels de courrier, seulement OAuth, que cette version ne parle pas.",
    "form.address": "{provider} veut l'adresse entière comme identifiant (clé user).",
    "form.local": "{provider} veut comme identifiant seulement ce qui précède le @ (clé user).",
    settings: "dans ses réglages web, à la rubrique sécurité ou compte",
  },
);
