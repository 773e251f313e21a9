// Packs: dated, closed copies of an archive.

import { sentences } from "./form.ts";

export const packs = sentences({
  "{pack}: {fault:packed}": "{pack} : {fault}",
  "Take another pack or the living archive; mailferry verify names what is still intact in this one.":
    "Prenez un autre paquet, ou l'archive vivante ; mailferry verify nomme ce qui est encore intact dans celui-ci.",
  "{path}: this name can't be put into a pack": "{path} : ce nom ne peut pas être mis dans un paquet",
  "Rename the file; it is none of those that mailferry wrote.":
    "Renommez le fichier ; ce n'est pas l'un de ceux que mailferry a écrits.",
  "{path} ended at octet {octet} while it was packed":
    "{path} s'est terminé à l'octet {octet} pendant la mise en paquet",
  "{folder}: {file} {fault:packfile}": "{folder} : {file} {fault}",
  "{folder}: {file} {fault:packfile}, {file2} {fault2:packfile}": "{folder} : {file} {fault}, {file2} {fault2}",
  "{folder}: {file} {fault:packfile}, {file2} {fault2:packfile}, {file3} {fault3:packfile}":
    "{folder} : {file} {fault}, {file2} {fault2}, {file3} {fault3}",
  "{folder}: {file} {fault:packfile}, {file2} {fault2:packfile}, {file3} {fault3:packfile} (and {count} more)":
    "{folder} : {file} {fault}, {file2} {fault2}, {file3} {fault3} (et {count} autres)",
  "{path}, just written, {fault:packfile}": "{path}, qui vient d'être écrit, {fault}",
  "{path}, just written, is gone": "{path}, qui vient d'être écrit, a disparu",
  "Check the disk, and that nothing else changes this folder. No other pack was removed.":
    "Vérifiez le disque, et que rien d'autre ne modifie ce dossier. Aucun autre paquet n'a été supprimé.",
  "Put it back from a copy, or away: until then no rule counts it, and nothing removes it.":
    "Remettez-le depuis une copie, ou rangez-le ailleurs : d'ici là, aucune règle ne le compte et rien ne le supprime.",
  "Put them back from a copy, or away: until then no rule counts them, and nothing removes them.":
    "Remettez-les depuis une copie, ou rangez-les ailleurs : d'ici là, aucune règle ne les compte et rien ne les supprime.",
  "Put it back from a copy, or remove it: it is written anew from the packs that are there.":
    "Remettez-le depuis une copie, ou supprimez-le : il est réécrit d'après les paquets présents.",
  "message {key} of {name} in the archive is not the one that arrived, so no pack was made":
    "le message {key} de {name} dans l'archive n'est pas celui qui était arrivé : aucun paquet n'a été fait",
  "{problem:any}, so no pack was made": "{problem} : aucun paquet n'a été fait",
  "{name}: the last record of its ledger is broken, so some messages may be missing here; run the job that writes it, and look again":
    "{name} : le dernier enregistrement de son registre est abîmé, il peut donc manquer des messages ici ; lancez la tâche qui l'écrit, puis regardez à nouveau",
  "what this run wrote did not read back intact": "ce que cette exécution a écrit n'a pas été relu intact",
  "the run stopped before its end": "l'exécution s'est arrêtée avant la fin",
  "older than the newest {periods:periods}": "au-delà des plus récents : {periods}",
  "a newer pack has its {periods:periods}": "un paquet plus récent a déjà : {periods}",
  "older than the newest {old:periods}; a newer pack has its {new:periods}":
    "au-delà des plus récents : {old} ; un paquet plus récent a déjà : {new}",
  "{path} is not as it was written; a message that is not named here is intact":
    "{path} n'est plus tel qu'il a été écrit ; un message qui n'est pas nommé ici est intact",
  "{path} is missing in the pack": "{path} manque dans le paquet",
  "{path}: it is missing in the pack": "{path} : manque dans le paquet",
  "{path} is neither an archive nor a pack of one": "{path} n'est ni une archive, ni un paquet d'archive",
  "Name the folder of an archive, or a .zip or .tar.gz file that mailferry made of one.":
    "Indiquez le dossier d'une archive, ou un fichier .zip ou .tar.gz que mailferry en a fait.",
  "{path} was not replaced: a file of this name is there already":
    "{path} n'a pas été remplacé : un fichier de ce nom existe déjà",
  "Give the pack another name, or move that file away.": "Donnez un autre nom au paquet, ou déplacez ce fichier.",
  "Put the packs on a disk with another file system, such as exFAT, NTFS or ext4.":
    "Mettez les paquets sur un disque avec un autre système de fichiers, comme exFAT, NTFS ou ext4.",
});

/** What is wrong inside a pack. */
export const packed = sentences({
  "it is damaged ({words})": "il est endommagé ({words})",
  "a line of it is longer than any ledger has": "une de ses lignes est plus longue que dans tout registre",
  "{entry} is no name of an entry in a pack": "{entry} n'est pas un nom d'élément de paquet",
  "{entry} is not where it belongs in a pack": "{entry} n'est pas à sa place dans un paquet",
  "{entry} is in it twice": "{entry} s'y trouve deux fois",
  "{entry} is neither a file nor a folder": "{entry} n'est ni un fichier, ni un dossier",
  "{entry} is no name as a pack has it": "{entry} n'est pas un nom comme en ont les paquets",
  "{entry} can't be unpacked": "{entry} ne peut pas être extrait",
  "{entry} is encrypted": "{entry} est chiffré",
  "{entry} claims to be larger than it can be": "{entry} se dit plus gros qu'il ne peut l'être",
  "{entry} shares octets with another entry": "{entry} partage des octets avec un autre élément",
  "{entry} is not as it was packed": "{entry} n'est plus tel qu'il a été mis en paquet",
  "{entry} has a header that no pack has": "{entry} a un en-tête qu'aucun paquet n'a",
  "it ends within {entry}": "il finit au milieu de {entry}",
  "it is empty": "il est vide",
  "{entry} is too large": "{entry} est trop gros",
  "{entry} is not one that this version can read": "{entry} n'est pas lisible par cette version",
  "its ledgers are larger than those of any archive of its size":
    "ses registres sont plus gros que ceux de toute archive de sa taille",
  "read back, it is not what was written; the disk may be failing, and no pack was made":
    "relu, il n'est pas ce qui a été écrit ; le disque est peut-être défaillant, et aucun paquet n'a été fait",
});

export const packfile = sentences({
  "is not a file": "n'est pas un fichier",
  "is empty": "est vide",
  "has {now} octets now and had {before} when it was written":
    "a maintenant {now} octets et en avait {before} quand il a été écrit",
});
