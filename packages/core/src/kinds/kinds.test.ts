import { ChainsError } from "@truss-chains/errors";
import { expect, test } from "vitest";
import { z } from "zod";
import { CustomImage, DockerServerChainlet, EngineBuilderLLMChainlet, TrussChainlet } from "../index.ts";

const server = { image: "i", startCommand: "serve", serverPort: 8000, predictEndpoint: "/predict" };

function faultsOf(make: () => unknown): string[] {
  try {
    make();
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ChainsError);
    return (error as ChainsError).problems.map(({ message }) => message);
  }
}

test("a server is described by an image and how to reach it", () => {
  expect(faultsOf(() => DockerServerChainlet(server))).toEqual([]);
  const image = new CustomImage({ image: "i" });
  expect(faultsOf(() => DockerServerChainlet({ ...server, image }))).toEqual([]);
  const { startCommand: _, ...withoutCommand } = server;
  expect(faultsOf(() => DockerServerChainlet({ ...withoutCommand, noBuild: true }))).toEqual([]);
});

test.each([
  [{ image: "" }, "DockerServerChainlet.image must not be empty."],
  [{ image: undefined }, "DockerServerChainlet.image is required."],
  [{ image: 3 }, "DockerServerChainlet.image must be a CustomImage, got 3."],
  [{ startCommand: undefined }, "DockerServerChainlet.startCommand is required."],
  [
    { serverPort: 8080 },
    "DockerServerChainlet.serverPort must not be 8080: the platform's proxy listens there.",
  ],
  [{ serverPort: 70000 }, "DockerServerChainlet.serverPort must be a port, got 70000."],
  [{ serverPort: "8000" }, "DockerServerChainlet.serverPort must be a number, got a string."],
  [{ predictEndpoint: "predict" }, expect.stringContaining('must be a path that starts with "/"')],
  [
    { readinessEndpoint: "/a b" },
    expect.stringContaining("DockerServerChainlet.readinessEndpoint must be a path"),
  ],
  [
    { livenessEndpoint: "/$x" },
    expect.stringContaining("DockerServerChainlet.livenessEndpoint must be a path"),
  ],
  [{ runAsUserId: 0 }, "DockerServerChainlet.runAsUserId must be a whole number of at least 1, got 0."],
  [
    { runAsUserId: 60000 },
    "DockerServerChainlet.runAsUserId must not be 60000: it is the platform's own user.",
  ],
  [{ output: z.int(), stream: z.int() }, "DockerServerChainlet.stream and `output` cannot both be given."],
  [{ port: 1 }, "DockerServerChainlet.port is not a known field."],
])("a server with %o is refused", (change, message) => {
  expect(faultsOf(() => DockerServerChainlet({ ...server, ...change } as never))).toEqual([message]);
});

test.each([
  ["TrussChainlet", () => TrussChainlet({} as never), "TrussChainlet.trussDir is required."],
  [
    "TrussChainlet",
    () => TrussChainlet({ trussDir: 123 } as never),
    "TrussChainlet.trussDir must be a string, got 123.",
  ],
  ["TrussChainlet", () => TrussChainlet({ trussDir: "" }), "TrussChainlet.trussDir must not be empty."],
  [
    "EngineBuilderLLMChainlet",
    () => EngineBuilderLLMChainlet({ engineBuilderConfig: 123 } as never),
    "EngineBuilderLLMChainlet.engineBuilderConfig must be an object, got 123.",
  ],
  [
    "EngineBuilderLLMChainlet",
    () => EngineBuilderLLMChainlet({} as never),
    "EngineBuilderLLMChainlet.engineBuilderConfig is required.",
  ],
  [
    "DockerServerChainlet",
    () => DockerServerChainlet(undefined as never),
    expect.stringContaining("DockerServerChainlet takes an object"),
  ],
  [
    "TrussChainlet",
    () => TrussChainlet(undefined as never),
    expect.stringContaining("TrussChainlet takes an object"),
  ],
  [
    "EngineBuilderLLMChainlet",
    () => EngineBuilderLLMChainlet(undefined as never),
    expect.stringContaining("EngineBuilderLLMChainlet takes an object"),
  ],
])("%s names what is missing or wrong (%#)", (_, make, message) => {
  expect(faultsOf(make)).toEqual([message]);
});

test("calling one in this process says whose code it is, and how to test without it", () => {
  class Whisper extends TrussChainlet({ trussDir: "./whisper" }) {}
  expect(() => new Whisper().runRemote({})).toThrow(
    expect.objectContaining({
      code: "CHAINLET_INSTANTIATED",
      message: "Whisper is an existing truss: its code does not run in this process.",
      location: { className: "Whisper" },
    }),
  );
});
