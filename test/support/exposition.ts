// A reader of the Prometheus text format 0.0.4 that knows nothing of who wrote it.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Throws at whatever the format does not allow; every metric must have its HELP and its TYPE before its samples. */
export function parseExposition(text: string): Sample[] {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const described = new Map<string, Set<string>>();
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split("\n")) {
    const [, kind = "", metric = ""] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) ./.exec(line) ?? [];
    if (kind !== "") {
      const kinds = described.get(metric) ?? new Set();
      if (kinds.has(kind) || samples.some(({ name }) => name === metric)) throw new Error(`out of place: ${line}`);
      if (kind === "TYPE" && !/ (gauge|counter|untyped)$/.test(line)) throw new Error(`no type: ${line}`);
      described.set(metric, kinds.add(kind));
      continue;
    }
    const sample = parseSample(line);
    const id = JSON.stringify([sample.name, sample.labels]);
    if (described.get(sample.name)?.size !== 2) throw new Error(`not described: ${line}`);
    if (seen.has(id)) throw new Error(`twice: ${line}`);
    if (
      samples.length > 0 &&
      samples.at(-1)?.name !== sample.name &&
      samples.some(({ name }) => name === sample.name)
    ) {
      throw new Error(`not in one group: ${line}`);
    }
    seen.add(id);
    samples.push(sample);
  }
  return samples;
}

function parseSample(line: string): Sample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? "";
  let at = name.length;
  const labels: Record<string, string> = {};
  if (line[at] === "{") {
    at++;
    while (line[at] !== "}") {
      const label = /^[a-zA-Z_][a-zA-Z0-9_]*(?==")/.exec(line.slice(at))?.[0] ?? "";
      if (label === "") throw new Error(`no label: ${line}`);
      at += label.length + 2;
      let value = "";
      for (; line[at] !== '"'; at++) {
        if (at >= line.length) throw new Error(`no end of a label: ${line}`);
        if (line[at] === "\\") {
          at++;
          const character = { n: "\n", "\\": "\\", '"': '"' }[line[at] ?? ""];
          if (character === undefined) throw new Error(`no escape: ${line}`);
          value += character;
        } else value += line[at];
      }
      at++;
      labels[label] = value;
      if (line[at] === ",") at++;
    }
    at++;
  }
  const number = /^ (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line.slice(at))?.[1];
  if (name === "" || number === undefined) throw new Error(`not a sample: ${line}`);
  return { name, labels, value: Number(number) };
}
