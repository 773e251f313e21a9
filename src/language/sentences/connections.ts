// The way to a server, and what breaks on it.

import { sentences } from "./form.ts";

export const connections = sentences({
  "{host} was not found ({code})": "{host} est introuvable ({code})",
  "Check the host name, and that this machine has a network.":
    "Vérifiez le nom du serveur, et que cette machine a accès au réseau.",
  "{where} can't be reached ({code})": "{where} est injoignable ({code})",
  "Check host and port, and that the server runs.": "Vérifiez le serveur et le port, et que le serveur est en marche.",
  "Check host and port.": "Vérifiez le serveur et le port.",
  "{where} did not answer within {seconds} s": "{where} n'a pas répondu en {seconds} s",
  "Check host and port; if the server is only slow, raise timeout.":
    "Vérifiez le serveur et le port ; si le serveur est seulement lent, augmentez timeout.",
  "{where} sends less than {rate} octets a second": "{where} envoie moins de {rate} octets par seconde",
  "Look at the line; if it is always as slow, raise timeout.":
    "Vérifiez la ligne ; si elle est toujours aussi lente, augmentez timeout.",
  "{where} closed the connection without a word": "{where} a fermé la connexion sans un mot",
  "{where} closed the connection: {words}": "{where} a fermé la connexion : {words}",
  "{where} refused the connection: {words}": "{where} a refusé la connexion : {words}",
  "{where} is not ready: {words}": "{where} n'est pas prêt : {words}",
  "{where} has too many connections: {words}": "{where} a trop de connexions : {words}",
  "{where} can't go on: {words}": "{where} ne peut pas continuer : {words}",
  "{where} is busy and asks for a pause of {seconds} s": "{where} est occupé et demande une pause de {seconds} s",
  "Set connections to 1 or 2 if it happens often.": "Si cela arrive souvent, réglez connections sur 1 ou 2.",
  "Set connections to 1 or 2, and close other mail programs.":
    "Réglez connections sur 1 ou 2, et fermez les autres logiciels de courrier.",
  "Nothing to do: the provider's servers are busy.": "Rien à faire : les serveurs du fournisseur sont occupés.",
  "Run it again tomorrow: what came before is safe, and it goes on where it stopped.":
    "Relancez la tâche demain : ce qui est déjà arrivé est à l'abri, et elle reprend où elle s'est arrêtée.",
  "Run it again in {time} or later: what came before is safe, and it goes on where it stopped.":
    "Relancez la tâche dans {time} ou plus tard : ce qui est déjà arrivé est à l'abri, et elle reprend où elle s'est arrêtée.",
  "Ask the provider.": "Demandez au fournisseur.",

  "the connection to {where} was lost: it was closed from this side":
    "la connexion à {where} a été perdue : elle a été fermée de ce côté",
  "the connection to {where} was lost: the server closed it":
    "la connexion à {where} a été perdue : le serveur l'a fermée",
  "the connection to {where} was lost: {words}": "la connexion à {where} a été perdue : {words}",
  "the connection broke whenever it was sent: {why:any}": "la connexion s'est rompue à chaque envoi : {why}",
  "the connection broke whenever it was asked for: {why:any}": "la connexion s'est rompue à chaque demande : {why}",

  "{where} shows another certificate than the pinned one: {fingerprint}":
    "{where} présente un autre certificat que celui qui est épinglé : {fingerprint}",
  "If the server was given a new certificate, put its fingerprint into tlsFingerprint; otherwise do not connect.":
    "Si le serveur a reçu un nouveau certificat, mettez son empreinte dans tlsFingerprint ; sinon, ne vous connectez pas.",
  "{where} has a certificate that can't be trusted: {words}; no password was sent":
    "{where} a un certificat auquel on ne peut se fier : {words} ; aucun mot de passe n'a été envoyé",
  "Check the host name; for a private authority set tlsCa, for a self-signed certificate tlsFingerprint.":
    "Vérifiez le nom du serveur ; pour une autorité privée, indiquez tlsCa ; pour un certificat autosigné, tlsFingerprint.",
  "{where} did not speak TLS as asked ({code}); no password was sent":
    "{where} n'a pas parlé TLS comme demandé ({code}) ; aucun mot de passe n'a été envoyé",
  "Check port and tls: implicit TLS and STARTTLS live on different ports.":
    "Vérifiez port et tls : TLS implicite et STARTTLS ont chacun leur port.",
  "{where} does not offer {command:starttls}; no password was sent":
    "{where} ne propose pas {command} ; aucun mot de passe n'a été envoyé",
  "{where} does not offer {command:starttls}: it answered {words}; no password was sent":
    "{where} ne propose pas {command} : il a répondu {words} ; aucun mot de passe n'a été envoyé",
  "{where} refused {command:starttls}; no password was sent":
    "{where} a refusé {command} ; aucun mot de passe n'a été envoyé",
  "{where} refused {command:starttls}: it answered {words}; no password was sent":
    "{where} a refusé {command} : il a répondu {words} ; aucun mot de passe n'a été envoyé",
  "Use tls: implicit with port {port}, or ask the provider.":
    "Utilisez tls: implicit avec le port {port}, ou demandez au fournisseur.",
  "{where} sent plain text after it agreed to STARTTLS, as an attacker would; no password was sent":
    "{where} a envoyé du texte en clair après avoir accepté STARTTLS, comme le ferait un attaquant ; aucun mot de passe n'a été envoyé",
  "Use tls: implicit with port 993.": "Utilisez tls: implicit avec le port 993.",
  "Use tls: implicit with port 995, or tls: starttls.": "Utilisez tls: implicit avec le port 995, ou tls: starttls.",

  "{where} {speaks:speaker}: it began with {words}; no password was sent":
    "{where} {speaks} : il a commencé par {words} ; aucun mot de passe n'a été envoyé",
  "In a network that wants a log-in of its own (hotel, train, guest), log in to that in a browser first; otherwise check host and port.":
    "Sur un réseau qui demande sa propre connexion (hôtel, train, invités), connectez-vous-y d'abord dans un navigateur ; sinon, vérifiez le serveur et le port.",
  "Set protocol: {protocol}, or check the port.": "Indiquez protocol: {protocol}, ou vérifiez le port.",

  "{where} broke the IMAP protocol: {words}": "{where} n'a pas respecté le protocole IMAP : {words}",
  "Try again later; if it stays, tell the provider.":
    "Réessayez plus tard ; si cela persiste, signalez-le au fournisseur.",
  "{server} does not follow the POP3 protocol: {fault:pop3}": "{server} ne respecte pas le protocole POP3 : {fault}",
  "{server} sends a message that does not end": "{server} envoie un message qui ne finit pas",
  "{where} refused {command:pop3command}: {words}": "{where} a refusé {command} : {words}",
});

export const starttls = sentences({ STARTTLS: "STARTTLS", STLS: "STLS" });

export const pop3command = sentences({ STAT: "STAT", LIST: "LIST", UIDL: "UIDL" });

/** Who answers in a mail server's place. */
export const speaker = sentences({
  "answers like a web server, not a mail server": "répond comme un serveur web, pas comme un serveur de courrier",
  "speaks POP3, not IMAP": "parle POP3, pas IMAP",
  "speaks IMAP, not POP3": "parle IMAP, pas POP3",
  "speaks SMTP, which sends mail, not IMAP": "parle SMTP, qui sert à envoyer, pas IMAP",
  "speaks SMTP, which sends mail, not POP3": "parle SMTP, qui sert à envoyer, pas POP3",
  "does not speak IMAP": "ne parle pas IMAP",
  "does not speak POP3": "ne parle pas POP3",
});

export const pop3 = sentences({
  "it sent a line of more than {octets} octets": "il a envoyé une ligne de plus de {octets} octets",
  "it ended a line with a bare LF: {words}": "il a terminé une ligne par un LF seul : {words}",
  "it sent more in the clear after it had agreed to encrypt; no password was sent":
    "il a encore envoyé du texte en clair après avoir accepté de chiffrer ; aucun mot de passe n'a été envoyé",
  "it sent octets that no command had asked for": "il a envoyé des octets qu'aucune commande n'avait demandés",
  "it sent a listing without end": "il a envoyé une liste sans fin",
  "it claims {count} messages": "il prétend avoir {count} messages",
  "it answered {words} to STAT": "il a répondu {words} à STAT",
  "it answered {words}": "il a répondu {words}",
  "it sent {words} in LIST": "il a envoyé {words} dans LIST",
  "it sent {words} in UIDL": "il a envoyé {words} dans UIDL",
});
