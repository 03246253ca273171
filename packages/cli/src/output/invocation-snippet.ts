import type { Terminal } from "./terminal.ts";

/** How the deployed chain is called: from a shell, and from TypeScript. */
export function invocationSnippet(
  url: string,
  endpoint: "unary" | "stream" | "websocket",
  { dim }: Terminal["resultStyle"],
): string {
  if (endpoint === "websocket") {
    return [dim("# shell"), `websocat -H="Authorization: Api-Key $BASETEN_API_KEY" \\`, `    '${url}'`].join(
      "\n",
    );
  }
  return [
    dim("# shell"),
    `curl -X POST '${url}' \\`,
    `    -H "Authorization: Api-Key $BASETEN_API_KEY" \\`,
    "    -d '<JSON_INPUT>'",
    "",
    dim("// TypeScript"),
    `const answer = await fetch("${url}", {`,
    `  method: "POST",`,
    `  headers: { authorization: "Api-Key " + process.env.BASETEN_API_KEY },`,
    "  body: JSON.stringify(input),",
    "});",
    endpoint === "stream"
      ? "for await (const chunk of answer.body) process.stdout.write(chunk);"
      : "console.log(await answer.json());",
  ].join("\n");
}
