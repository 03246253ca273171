import { fileURLToPath } from "node:url";
// A compiler that has an interface for programs; editors complete with any of them in the same way.
import ts from "typescript-5.9";
import { expect, test } from "vitest";

const file = fileURLToPath(new URL("./typed-by-a-person.ts", import.meta.url));

// Shared: most of the time goes into reading what is the same for all.
const registry = ts.createDocumentRegistry();

/** What an editor offers at the `|`, with the first words of its explanation. */
function offered(written: string): Record<string, string> {
  const text = `import { Chainlet, ChainletBase, depends, DockerServerChainlet, endpoint, type Remote } from "@truss-chains/core";
import { z } from "zod";
@Chainlet() class A extends ChainletBase { @endpoint() async runRemote() {} }
${written}`;
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => [file],
    getScriptVersion: (path) => (path === file ? written : "1"),
    getScriptSnapshot: (path) => {
      const content = path === file ? text.replace("|", "") : ts.sys.readFile(path);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getCompilationSettings: () => ({
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      experimentalDecorators: true,
      allowImportingTsExtensions: true,
      customConditions: ["@truss-chains/source"],
      noEmit: true,
      strict: true,
    }),
    getCurrentDirectory: () => fileURLToPath(new URL(".", import.meta.url)),
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
  };
  const service = ts.createLanguageService(host, registry);
  const at = text.indexOf("|");
  const completions = service.getCompletionsAtPosition(file, at, {});
  const entries = completions?.isMemberCompletion ? completions.entries : [];
  const documentation = (name: string): string =>
    ts.displayPartsToString(
      service.getCompletionEntryDetails(file, at, name, {}, undefined, {}, undefined)?.documentation,
    );
  return Object.fromEntries(entries.map(({ name }) => [name, documentation(name)]));
}

test.each([
  [
    "the parts of an endpoint",
    "class B extends ChainletBase { @endpoint({ | }) async runRemote() {} }",
    ["input", "output", "receive", "send", "stream"],
  ],
  [
    "the options of a dependency",
    "class B { constructor(@depends(A, { | }) a: Remote<A>) {} }",
    ["concurrencyLimit", "retries", "timeoutSec", "useBinary"],
  ],
  [
    "what a server in an image takes",
    "class B extends DockerServerChainlet({ | }) {}",
    expect.arrayContaining([
      "image",
      "input",
      "output",
      "predictEndpoint",
      "serverPort",
      "startCommand",
      "stream",
    ]),
  ],
])("an editor offers %s, and explains each", (_, written, names) => {
  const found = offered(written);
  expect(Object.keys(found).sort()).toEqual(names);
  for (const [name, documentation] of Object.entries(found)) expect(documentation, name).not.toBe("");
});
