// What became of a test message.

import { texts } from "../../language/texts.ts";

export const notifyTexts = texts(
  {
    sent: "sent",
    "not-sent": "NOT SENT",
    line: "{channel}  {word}  {place}",
    "line.remark": "{channel}  {word}  {place}: {remark}",
  },
  {
    sent: "envoyé",
    "not-sent": "NON ENVOYÉ",
    line: "{channel}  {word}  {place}",
    "line.remark": "{channel}  {word}  {place} : {remark}",
  },
);
