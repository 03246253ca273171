import { expect, test } from "vitest";
import { parseModelRepo, parseSource, sourceLabel } from "./reference.ts";

test.each([
  ["hf://owner/repo", { provider: "hf", repoId: "owner/repo", revision: "" }],
  ["hf://owner/repo@refs/pr/1", { provider: "hf", repoId: "owner/repo", revision: "refs/pr/1" }],
  ["hf://gpt2@main", { provider: "hf", repoId: "gpt2", revision: "main" }],
  ["s3://bucket/a/b/", { provider: "s3", bucket: "bucket", prefix: "a/b" }],
  ["s3://bucket", { provider: "s3", bucket: "bucket", prefix: "" }],
  ["gs://bucket/a", { provider: "gcs", bucket: "bucket", prefix: "a" }],
  ["cw://bucket/a", { provider: "cw", bucket: "bucket", prefix: "a" }],
  ["r2://acc123.my.bucket/a", { provider: "r2", account: "acc123", bucket: "my.bucket", prefix: "a" }],
  ["azure://account/box/a/b", { provider: "azure", account: "account", container: "box", prefix: "a/b" }],
  ["https://host/x/file.bin", { provider: "https", url: "https://host/x/file.bin" }],
])("%s is read, and named the same way in messages", (source, expected) => {
  const reference = parseSource(source);
  expect(reference).toEqual(expected);
  expect(parseSource(sourceLabel(reference))).toEqual(reference);
});

test.each([
  "owner/repo",
  "http://host/x",
  "HF://owner/repo",
  "az://box/x",
  "ftp://x/y",
  "hf://",
  "hf://a/b/c",
  "hf://../x",
  "hf://a/b@x y",
  "s3:///key",
  "r2://noaccount/x",
  "azure://account",
  "https://user:pass@host/x",
])("%s is refused with what to write instead", (source) => {
  expect(() => parseSource(source)).toThrow(
    expect.objectContaining({ code: "WEIGHTS_SOURCE_INVALID", fix: expect.any(String) }),
  );
});

test("a model cache entry is told by its kind or by its address", () => {
  expect(parseModelRepo("owner/repo", "main", "hf")).toMatchObject({ provider: "hf", revision: "main" });
  expect(parseModelRepo("gs://b/p", "", "gcs")).toMatchObject({ provider: "gcs" });
  expect(parseModelRepo("s3://b/p", "", "hf")).toMatchObject({ provider: "s3" });
  expect(parseModelRepo("https://acc.blob.core.windows.net/box/p", "", "azure")).toEqual({
    provider: "azure",
    account: "acc",
    container: "box",
    prefix: "p",
  });
  expect(() => parseModelRepo("s3://b/p", "", "gcs")).toThrow(
    expect.objectContaining({ code: "WEIGHTS_SOURCE_INVALID" }),
  );
  expect(() => parseModelRepo("owner/repo", "", "s3")).toThrow(
    expect.objectContaining({ code: "WEIGHTS_SOURCE_INVALID" }),
  );
});

test("a signature in an address never reaches a message", () => {
  const reference = parseSource("https://host/file?X-Amz-Signature=secret");
  expect(sourceLabel(reference)).toBe("https://host/file");
});

test("addresses that differ in their query are different sources, however they are signed", () => {
  const label = (query: string) => sourceLabel(parseSource(`https://host/download?${query}`));
  expect(label("id=1")).not.toBe(label("id=2"));
  expect(label("id=1")).not.toContain("id=1");
  expect(label("id=1&X-Amz-Date=1&X-Amz-Signature=a")).toBe(label("id=1&X-Amz-Date=2&X-Amz-Signature=b"));
  expect(label("se=1&sp=r&sig=a")).toBe("https://host/download");
});
