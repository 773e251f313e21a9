// How to read an archive without mailferry: in every report of one, and in the README.html inside it.

import type { MailFormat } from "../storage/archive.ts";
import type { Words } from "./catalogue.ts";
import { type Html, html } from "./html.ts";

/** `level` is that of its heading. */
export function readingSection(format: MailFormat, { say }: Words): Html {
  const ways =
    format === "mbox"
      ? html`<p>${say("reading.mbox")}</p>
<ul>
<li>${say("reading.mbox.thunderbird")}</li>
<li>${say("reading.mbox.apple")}</li>
<li>${say("reading.mbox.mutt")} <code class="command">mutt -f mbox/INBOX.mbox</code></li>
</ul>
<p>${say("reading.mbox.parts")}</p>
<p>${say("reading.mbox.quote")}</p>`
      : html`<p>${say("reading.maildir")}</p>
<ul>
<li>${say("reading.maildir.mutt")} <code class="command">mutt -f maildir</code></li>
<li>${say("reading.maildir.dovecot")} <code class="command">mail_location = maildir:/copy/of/maildir</code></li>
<li>${say("reading.maildir.eml")}</li>
</ul>`;
  return html`<section>
<h2>${say("reading")}</h2>
<p><strong>${say("reading.copy")}</strong></p>
${ways}
<p>${say("reading.ledger")}</p>
<p>${say("reading.runs")} ${say("reading.marker")}</p>
<p>${say("reading.restore")} <code class="command">mailferry restore ARCHIVE --to FOLDER</code> <code class="command">mailferry verify ARCHIVE</code></p>
</section>`;
}
