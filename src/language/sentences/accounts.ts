// Passwords in a keyring, of systemd, or kept by mailferry; and job files that are added to.

import { sentences } from "./form.ts";

export const accounts = sentences({
  "the keyring of this system can't be used: {why:keyringfault}": "le trousseau de ce système est inutilisable : {why}",
  "Keep the password elsewhere: { file: PATH } (chmod 600), { command: [PROGRAM, ARGUMENT] }, or { credential: NAME } under systemd.":
    "Gardez le mot de passe ailleurs : { file: PATH } (chmod 600), { command: [PROGRAM, ARGUMENT] }, ou { credential: NAME } sous systemd.",
  "mailferry account add puts one there; a keyring belongs to one user of one machine.":
    "mailferry account add en crée une ; un trousseau appartient à un utilisateur d'une machine.",
  "Start the service that has it (systemctl --user start), or keep the password in a file for runs by hand.":
    "Lancez le service qui l'a (systemctl --user start), ou gardez le mot de passe dans un fichier pour les exécutions à la main.",
  "the keyring gives another password than was put there": "le trousseau ne rend pas le mot de passe qui y a été mis",
  "the file gives another password than was put there": "le fichier ne rend pas le mot de passe qui y a été mis",
  "Keep it elsewhere.": "Gardez-le ailleurs.",
  "{path} has changed meanwhile, and was left as it is": "{path} a changé entre-temps et a été laissé tel quel",
  "Run the same command again.": "Relancez la même commande.",
});

export const keyringfault = sentences({
  "what speaks to it is not installed here or does not fit this system":
    "ce qui lui parle n'est pas installé ici, ou ne convient pas à ce système",
  "it did not answer within {seconds} s": "il n'a pas répondu en {seconds} s",
  "no Secret Service answers; there is none without a desktop session":
    "aucun Secret Service ne répond ; sans session de bureau, il n'y en a pas",
  "it is locked, and nobody has unlocked it": "il est verrouillé, et personne ne l'a déverrouillé",
  "{words}": "{words}",
});
