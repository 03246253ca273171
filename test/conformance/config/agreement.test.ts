import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseConfig, renderConfig } from "@truss-chains/config";
import { describe, expect, test } from "vitest";
import { damaged, documentFragments, scalarConfigs } from "./documents.ts";
import { additionsTo, type Mutation, mutationsOf, pairsOf } from "./mutations.ts";
import { askTruss, trussPython } from "./oracle.ts";
import { Random } from "./random.ts";
import { difference, digest, isRelaxed, ourAnswer } from "./verdict.ts";

const SEEDS = new URL("seeds/", import.meta.url);
const RECORDING = new URL("fixtures/recorded.json", import.meta.url);
const CORPUS = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));

const PAIRS_PER_SEED = 60;

/** Additions are much the same whatever they are added to. */
const ADDED_TO = new Set(["empty.yaml", "engine.yaml"]);

/** Starting Python and asking it thousands of questions takes a while. */
const LIVE = { timeout: 600_000 };

function seedNames(): string[] {
  return readdirSync(SEEDS).sort();
}

/** The seed itself and what becomes of it; the same list on every machine. */
function casesOf(name: string): Mutation[] {
  const text = readFileSync(new URL(name, SEEDS), "utf8");
  return [
    { name, yaml: text },
    ...mutationsOf(text),
    ...(ADDED_TO.has(name) ? additionsTo(text) : []),
    ...pairsOf(text, new Random(name.length), PAIRS_PER_SEED),
  ];
}

/** Every case where we and Truss differ without having chosen to, told for a person. */
function disagreements(cases: readonly Mutation[]): string[] {
  const answers = askTruss(cases.map(({ yaml }) => yaml));
  const relaxed: string[] = [];
  const found = cases.flatMap(({ name, yaml }, index) => {
    const theirs = answers[index] as (typeof answers)[number];
    if (!theirs.ok && isRelaxed(yaml)) {
      relaxed.push(renderConfig(parseConfig(yaml).config));
      return [];
    }
    const found = difference(theirs, ourAnswer(yaml));
    return found === undefined ? [] : [`${name}\n${found}\n${yaml}`];
  });
  // What we are more lenient about has to come out as something that Truss takes.
  const refused =
    relaxed.length === 0
      ? []
      : askTruss(relaxed).flatMap((answer, index) =>
          answer.ok ? [] : [`rendered, and refused: ${answer.error}\n${relaxed[index]}`],
        );
  return [...found, ...refused];
}

describe("recorded answers of Truss 0.18.25", () => {
  const recorded = JSON.parse(readFileSync(RECORDING, "utf8")) as Record<string, string>;

  test.each(seedNames())("%s and its mutations are read alike", (name) => {
    const cases = casesOf(name);
    const expected = (recorded[name] ?? "").split(" ");
    expect(expected, "run with CHAINS_TRUSS_PYTHON and CHAINS_RECORD=1 after changing seeds").toHaveLength(
      cases.length,
    );
    const different = cases.flatMap(({ name: label, yaml }, index) => {
      const answer = digest(ourAnswer(yaml));
      const isChosen = expected[index] === "-" && isRelaxed(yaml);
      return answer === expected[index] || isChosen
        ? []
        : [`${label}: expected ${expected[index]}, got ${answer}\n${yaml}`];
    });
    expect(different).toEqual([]);
  });

  test.runIf(trussPython && process.env.CHAINS_RECORD)("are recorded anew", LIVE, () => {
    const fresh = Object.fromEntries(
      seedNames().map((name) => [
        name,
        askTruss(casesOf(name).map(({ yaml }) => yaml))
          .map(digest)
          .join(" "),
      ]),
    );
    writeFileSync(RECORDING, `${JSON.stringify(fresh, null, 1)}\n`);
  });
});

describe.skipIf(!trussPython)("the real Truss (CHAINS_TRUSS_PYTHON)", LIVE, () => {
  test("agrees on the seeds and their mutations", () => {
    // All of them are compared with the recording; a part shows whether the recording is still true.
    const some = seedNames().flatMap((name) => casesOf(name).filter((_, index) => index % 5 === 0));
    expect(disagreements(some)).toEqual([]);
  });

  test("agrees on values of every kind of YAML 1.1", () => {
    expect(disagreements(scalarConfigs(new Random(1), 3000))).toEqual([]);
  });

  test("agrees on what is a document at all", () => {
    expect(disagreements(documentFragments(new Random(2), 4000))).toEqual([]);
  });

  test("agrees on damaged files", () => {
    const texts = seedNames().map((name) => readFileSync(new URL(name, SEEDS), "utf8"));
    expect(disagreements(damaged(texts, new Random(3), 3000))).toEqual([]);
  });

  test("agrees on files with a byte order mark, and with the line breaks of Windows", () => {
    const cases = seedNames().flatMap((name) => {
      const text = readFileSync(new URL(name, SEEDS), "utf8");
      return [`\uFEFF${text}`, `\uFEFF\n${text}`, text.replaceAll("\n", "\r\n")].map((yaml) => ({
        name,
        yaml,
      }));
    });
    expect(disagreements(cases)).toEqual([]);
  });

  describe.skipIf(!existsSync(CORPUS))("on real configs", () => {
    const files = existsSync(CORPUS) ? readdirSync(CORPUS).filter((name) => name.endsWith(".yaml")) : [];
    const texts = files.map((name) => readFileSync(`${CORPUS}${name}`, "utf8"));

    test("agrees on each of them", () => {
      expect(disagreements(texts.map((yaml, index) => ({ name: files[index] as string, yaml })))).toEqual([]);
    });

    test("agrees on mutations of them", () => {
      const random = new Random(4);
      const cases = texts.flatMap((text) => {
        const all = [...mutationsOf(text), ...additionsTo(text)];
        return Array.from({ length: 40 }, () => random.pick(all)).concat([...pairsOf(text, random, 4)]);
      });
      expect(cases.length).toBeGreaterThan(5000);
      expect(disagreements(cases)).toEqual([]);
    });
  });
});
