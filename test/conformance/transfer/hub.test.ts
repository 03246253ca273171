import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FakeHub } from "../../weights/support/hub.ts";
import { digests, readTree, temporaryDirectory } from "../../weights/support/temp.ts";
import { random } from "../../weights/support/transfer.ts";
import { python, runPython } from "./support.ts";

const DOWNLOAD = `
import json, sys
from huggingface_hub import snapshot_download
print(json.dumps(snapshot_download("owner/repo", revision="main", local_dir=sys.argv[1], ignore_patterns=["*.md"])))
`;

describe.skipIf(python === undefined)("the Hub of our tests", () => {
  test("is one that the real huggingface_hub downloads from", async () => {
    const dir = await temporaryDirectory();
    const hub = await FakeHub.start();
    const files = {
      "config.json": Buffer.from("{}"),
      "onnx/model.onnx": random(100_000),
      "README.md": Buffer.from("#"),
    };
    hub.repos.set("owner/repo", { commit: "c".repeat(40), branches: ["main"], token: "hf_token", files });
    await runPython(DOWNLOAD, [join(dir, "out")], {
      HF_ENDPOINT: hub.url,
      HF_HOME: join(dir, "home"),
      HF_TOKEN: "hf_token",
      HF_HUB_DISABLE_XET: "1",
    });
    const entries = Object.entries(await readTree(join(dir, "out")));
    const tree = Object.fromEntries(entries.filter(([path]) => !path.startsWith(".cache/")));
    const { "README.md": _, ...wanted } = files;
    expect(digests(tree)).toEqual(digests(wanted));
  });
});
