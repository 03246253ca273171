import { expect, test } from "vitest";
import { Chainlet, ChainletBase, DockerServerChainlet, endpoint, markEntrypoint } from "../index.ts";
import { exportedChainlets, selectEntrypoint } from "./select-entrypoint.ts";

@Chainlet()
class Embed extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

@markEntrypoint()
@Chainlet()
class Search extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

@markEntrypoint()
@Chainlet()
class Browse extends ChainletBase {}

@Chainlet()
class Vllm extends DockerServerChainlet({
  image: "vllm/vllm-openai:v0.9.0",
  startCommand: "vllm serve m",
  serverPort: 8000,
  predictEndpoint: "/v1/completions",
}) {}

class NotDecorated extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

const FILE = "/project/chain.ts";

test("the marked chainlet is the entrypoint", () => {
  expect(selectEntrypoint({ Embed, Search, helper: () => 1 }, FILE)).toBe(Search);
});

test("the only chainlet of a file needs no mark", () => {
  expect(selectEntrypoint({ Embed, limit: 3 }, FILE)).toBe(Embed);
});

test("a chainlet that is exported twice is still the only one", () => {
  expect(selectEntrypoint({ Embed, default: Embed }, FILE)).toBe(Embed);
});

test("a name chooses among all chainlets, marked or not", () => {
  expect(selectEntrypoint({ Embed, Search, Browse }, FILE, "Embed")).toBe(Embed);
});

test("a name may be that of the export", () => {
  expect(selectEntrypoint({ Renamed: Embed, Search }, FILE, "Renamed")).toBe(Embed);
});

test("half a chainlet is chosen, so that the checks can say what it lacks", () => {
  expect(selectEntrypoint({ NotDecorated }, FILE)).toBe(NotDecorated);
  class Helper extends ChainletBase {}
  expect(exportedChainlets({ Helper })).toEqual([]);
});

test.each([
  ["no chainlet", { limit: 3 }, undefined, "SOURCE_NO_CHAINLETS", "/project/chain.ts exports no chainlet."],
  [
    "several without a mark",
    { Vllm, Embed, Other: NotDecorated },
    undefined,
    "ENTRYPOINT_MISSING",
    "/project/chain.ts marks none of its chainlets as the entrypoint: Embed, NotDecorated, Vllm.",
  ],
  [
    "several marks",
    { Browse, Search },
    undefined,
    "ENTRYPOINT_AMBIGUOUS",
    "marks several entrypoints: Browse (",
  ],
  [
    "a name that is not exported",
    { Embed },
    "Serch",
    "ENTRYPOINT_MISSING",
    "/project/chain.ts exports no Serch.",
  ],
  [
    "a name that is no chainlet",
    { Embed, limit: 3 },
    "limit",
    "ENTRYPOINT_MISSING",
    "limit is not a chainlet.",
  ],
] as const)("%s: the error says what to do", (_, exports, name, code, message) => {
  expect(() => selectEntrypoint(exports, FILE, name)).toThrow(
    expect.objectContaining({
      code,
      message: expect.stringContaining(message),
      fix: expect.stringMatching(/\S/),
      location: { file: FILE },
    }),
  );
});

test("a fix never proposes as an entrypoint what cannot be one", () => {
  expect(() => selectEntrypoint({ Vllm, Embed }, FILE)).toThrow(
    expect.objectContaining({ fix: expect.stringContaining("such as Embed.") }),
  );
});
