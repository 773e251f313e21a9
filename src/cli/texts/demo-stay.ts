// What `demo --stay` says.

import { texts } from "../../language/texts.ts";

export const demoStayTexts = texts(
  {
    running:
      "Two mail servers with a made-up account run on this computer now. They are reached from this computer only, and for that reason without encryption.",
    elsewhere: "In another terminal:",
    password: "When it asks for the password: {password}",
    pop3: "The same account over POP3, which has the inbox only:",
    end: "Ctrl-C ends the servers.",
  },
  {
    running:
      "Deux serveurs de courrier, avec un compte inventé, tournent maintenant sur cet ordinateur. On ne les atteint que d'ici ; c'est pourquoi rien n'est chiffré.",
    elsewhere: "Dans un autre terminal :",
    password: "Au moment du mot de passe : {password}",
    pop3: "Le même compte par POP3, qui n'a que la boîte de réception :",
    end: "Ctrl-C arrête les serveurs.",
  },
);
