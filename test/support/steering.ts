// Words that try to steer a terminal, and what finds them.

/** Clears the screen, names the window, turns text around, colours with a C1 control, breaks lines. */
export const hostile = "\x1b[2J\x1b]0;owned\x07\u202edrowssap\u2066\x9b31m\u2028";

/** Controls but for the line feed, C1 controls, DEL, bidirectional overrides and isolates, line separators. */
export const steersTerminals = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/;
