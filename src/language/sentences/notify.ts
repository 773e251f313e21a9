// What became of a message to people: a mail, a ping, a push, a webhook.

import { sentences } from "./form.ts";

export const notify = sentences({
  "could not notify by {channel} ({place}): {remark:any}": "avis par {channel} ({place}) impossible : {remark}",
  "notified by {channel} ({place}), but {remark:any}": "avis envoyé par {channel} ({place}), mais {remark}",
  "no reason given": "aucune raison donnée",
  "unexpected: {name}": "erreur imprévue : {name}",
  "the monitor counts it as a success": "le moniteur le compte comme un succès",

  "the host was not found": "serveur introuvable",
  "the host was not found (no name service)": "serveur introuvable (le service de noms ne répond pas)",
  "the connection was refused": "la connexion au serveur a été refusée",
  "the connection was cut": "la connexion au serveur a été coupée",
  "the connection failed": "la connexion au serveur a échoué",
  "the connection failed ({code})": "la connexion au serveur a échoué ({code})",
  "no answer": "pas de réponse",
  "the host can't be reached": "le serveur ne peut pas être joint",
  "the network can't be reached": "le réseau ne peut pas être joint",
  "its certificate is not trusted": "son certificat n'est pas digne de confiance",
  "its certificate is not trusted (self-signed)": "son certificat n'est pas digne de confiance (autosigné)",
  "its certificate has expired": "son certificat a expiré",
  "its certificate is for another name": "son certificat est pour un autre nom",

  "it answered {status}, which leads to another address; redirects are not followed":
    "il a répondu {status}, ce qui mène à une autre adresse ; les redirections ne sont pas suivies",
  "it answered {status}": "il a répondu {status}",
  "the server refused it for {addresses}": "le serveur l'a refusé pour {addresses}",
  "the server offers no log-in": "le serveur ne propose pas de connexion",
  "the log-in was refused": "la connexion a été refusée",
  "the log-in was refused: {words}": "la connexion a été refusée : {words}",
  "the log-in failed": "la connexion a échoué",
  "the log-in failed: {words}": "la connexion a échoué : {words}",
  "the server does not encrypt (STARTTLS)": "le serveur ne chiffre pas (STARTTLS)",
  "the server does not encrypt (STARTTLS): {words}": "le serveur ne chiffre pas (STARTTLS) : {words}",
  "the server did not take the mail": "le serveur n'a pas accepté le message",
  "the server did not take the mail: {words}": "le serveur n'a pas accepté le message : {words}",
  "the mail could not be sent": "le message n'a pas pu être envoyé",
  "the mail could not be sent: {words}": "le message n'a pas pu être envoyé : {words}",
});
