// What servers do to connections and log-ins.

import { sentences } from "./form.ts";

export const protocol = sentences({
  "{host} refused the log-in for {name}: {words}": "{host} a refusé la connexion de {name} : {words}",
  "Check host and port, and that the server runs.": "Vérifiez le serveur et le port, et que le serveur fonctionne.",
});
