import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ApiKey } from "../accounts/api-key.ts";
import { openBaseten } from "./baseten.ts";
import { listSecretNames } from "./secrets.ts";
import { whoAmI } from "./teams.ts";

let server: Server;
afterEach(() => new Promise((done) => server.close(done)));

/** Baseten, or who is in its place. */
async function answering(answer: RequestListener) {
  server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place = { name: "a", remoteUrl: url, restUrl: url, team: undefined, includeGitInfo: false };
  return openBaseten({ ...place, apiKey: new ApiKey("s3cr3t") }, { retryDelayMs: 1 });
}

describe("an answer that cannot be Baseten's", () => {
  it.each([
    [
      "a sign-in page",
      "<!DOCTYPE html>\n<title>Sign in</title>",
      'begins with "<!DOCTYPE html> <title>Sign in',
    ],
    ["nothing", "", "it is empty"],
    ["half of one, which may hold credentials", '{"aws_secret_access_key":"abc', "it is broken JSON"],
  ])("says what was seen: %s", async (_, text, expected) => {
    const baseten = await answering((_request, response) => response.end(text));
    const error = await whoAmI(baseten).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "API_FAILED", fix: expect.stringContaining("proxy") });
    expect(error.message).toContain(expected);
    expect(error.message).not.toContain("abc");
  });

  it("is not followed to another place, which would be given the key", async () => {
    const asked: (string | undefined)[] = [];
    const baseten = await answering(({ url }, response) => {
      asked.push(url);
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    const expected = { code: "API_FAILED", message: expect.stringContaining("a redirection (status 302)") };
    await expect(whoAmI(baseten)).rejects.toMatchObject(expected);
    await expect(listSecretNames(baseten)).rejects.toMatchObject(expected);
    expect(asked).toEqual(["/graphql/", "/v1/secrets"]);
  });
});
