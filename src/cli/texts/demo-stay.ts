// What `demo --stay` says.

import { texts } from "../../language/texts.ts";

export const demoStayTexts = texts(
  {
    running:
      "Two mail servers with a made-up account run on this computer now. They are reached\nfrom this computer only, and for that reason without encryption.",
    elsewhere: "In another terminal:",
    password: "The password is {password}",
    pop3: "The same account over POP3, which has the inbox only:",
    end: "Ctrl-C ends the servers.",
  },
  {
    running:
      "Deux serveurs de courrier, avec un compte inventé, tournent maintenant sur cet\nordinateur. On ne les atteint que d'ici ; c'est pourquoi rien n'est chiffré.",
    elsewhere: "Dans un autre terminal :",
    password: "Le mot de passe est {password}",
    pop3: "Le même compte par POP3, qui n'a que la boîte de réception :",
    end: "Ctrl-C arrête les serveurs.",
  },
);
