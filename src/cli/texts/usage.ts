// What is wrong with a command line.

import { texts } from "../../language/texts.ts";

export const usageTexts = texts(
  {
    "not-known": "{command} has no {option}",
    "no-command": "no command",
    "unknown-option": "unknown option '{name}'",
    "unknown-command": "unknown command '{name}'",
    "did-you-mean": " (Did you mean {name}?)",
    "missing-argument": "missing required argument '{name}'",
    "missing-option": "required option '{name}' not specified",
    "option-without-value": "option '{name}' argument missing",
    "excess-arguments": "too many arguments. Expected {expected} but got {got}.",
    "not-a-choice": "option '{option}' argument '{value}' is invalid. Allowed choices are {choices}.",
    "not-a-choice-of": "{argument} '{value}' is invalid. Allowed choices are {choices}.",
    see: "See: {command} --help",
  },
  {
    "not-known": "{command} ne connaît pas {option}",
    "no-command": "aucune commande",
    "unknown-option": "option inconnue : « {name} »",
    "unknown-command": "commande inconnue : « {name} »",
    "did-you-mean": " (vouliez-vous dire {name} ?)",
    "missing-argument": "il manque l'argument « {name} »",
    "missing-option": "il manque l'option « {name} »",
    "option-without-value": "il manque une valeur à l'option « {name} »",
    "excess-arguments": "trop d'arguments : {expected} attendus, {got} donnés.",
    "not-a-choice": "option « {option} » : « {value} » ne convient pas. Valeurs possibles : {choices}.",
    "not-a-choice-of": "{argument} : « {value} » ne convient pas. Valeurs possibles : {choices}.",
    see: "Voir : {command} --help",
  },
);
