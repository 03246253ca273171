import { expect, test } from "vitest";
import { endpointFrom } from "./endpoint.ts";

test("the first variable that is set counts, an empty one is not set", () => {
  const env = { A: "", B: "https://b.example/path//", C: "https://c.example" };
  expect(endpointFrom(env, "A", "B", "C")).toBe("https://b.example/path");
  expect(endpointFrom(env, "A", "D")).toBeUndefined();
});

test.each(["huggingface.co", "localhost:9000", "not an address", "ftp://host", "https://user:pa55word@host"])(
  "%s is refused, naming the variable and not the value",
  (value) => {
    expect(() => endpointFrom({ HF_ENDPOINT: value }, "HF_ENDPOINT")).toThrow(
      expect.objectContaining({
        code: "WEIGHTS_SOURCE_INVALID",
        message: expect.stringMatching(/^(?=.*HF_ENDPOINT)(?!.*pa55word)/),
      }),
    );
  },
);
