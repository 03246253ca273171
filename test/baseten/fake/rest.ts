import type { Platform } from "./platform.ts";

export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

type Handler = (platform: Platform, match: readonly string[], body: Record<string, unknown>) => RestAnswer;

const ok = (body: unknown): RestAnswer => ({ status: 200, body });
const refuse = (status: number, message: string): RestAnswer => ({
  status,
  body: { code: status === 404 ? "NOT_FOUND" : "VALIDATION_ERROR", message },
});

const ROUTES: readonly [method: string, path: RegExp, handler: Handler][] = [
  [
    "GET",
    /^\/v1\/secrets$/,
    (platform) =>
      ok({
        secrets: [...platform.secrets.keys()].map((name) => ({ created_at: "2026-01-01T00:00:00Z", name })),
      }),
  ],
  [
    "DELETE",
    /^\/v1\/chains\/(\w+)$/,
    (platform, [id]) => {
      const at = platform.chains.findIndex((chain) => chain.id === id);
      if (at < 0) return refuse(404, "Chain not found");
      platform.chains.splice(at, 1);
      return ok({ id, deleted: true });
    },
  ],
  [
    "DELETE",
    /^\/v1\/chains\/(\w+)\/deployments\/(\w+)$/,
    (platform, [chainId, id]) => {
      const chain = platform.chains.find((each) => each.id === chainId);
      const at = chain?.deployments.findIndex((deployment) => deployment.id === id) ?? -1;
      if (!chain || at < 0) return refuse(404, "Deployment not found");
      if ([...chain.environments.values()].includes(id))
        return refuse(400, "The deployment serves an environment.");
      chain.deployments.splice(at, 1);
      return ok({ id, deleted: true, chain_id: chainId });
    },
  ],
  [
    "GET",
    /^\/v1\/chains\/(\w+)\/environments$/,
    (platform, [id]) => {
      const chain = platform.chains.find((each) => each.id === id);
      if (!chain) return refuse(404, "Chain not found");
      const environments = [...chain.environments].map(([name, deployment]) => ({
        name,
        chain_id: id,
        current_deployment: deployment === undefined ? null : { id: deployment },
      }));
      return ok({ environments });
    },
  ],
  [
    "POST",
    /^\/v1\/chains\/(\w+)\/environments\/([\w-]+)\/promote$/,
    (platform, [id, environment], body) => {
      const chain = platform.chains.find((each) => each.id === id);
      if (!chain?.environments.has(environment!)) return refuse(404, `Environment ${environment} not found`);
      const deployment = chain.deployments.find((each) => each.id === body.deployment_id);
      if (!deployment) return refuse(404, "Deployment not found");
      if (deployment.isDraft) return refuse(400, "A development deployment cannot be promoted.");
      chain.environments.set(environment!, deployment.id);
      return ok({ id: deployment.id, environment, chain_id: id });
    },
  ],
  [
    "GET",
    /^\/v1\/models\/(\w+)\/deployments\/(\w+)$/,
    (platform, [modelId, id]) => {
      const chainlet = platform.chainlets.find((each) => each.versionId === id && each.oracle.id === modelId);
      return chainlet ? ok({ id, model_id: modelId, status: "ACTIVE" }) : refuse(404, "Deployment not found");
    },
  ],
  [
    "GET",
    /^\/v1\/models\/(\w+)\/deployments\/(\w+)\/config$/,
    (platform, [modelId, id]) => {
      const chainlet = platform.chainlets.find((each) => each.versionId === id && each.oracle.id === modelId);
      return chainlet ? ok({ config: chainlet.config }) : refuse(404, "Deployment not found");
    },
  ],
  [
    "POST",
    /^\/v1\/models\/(\w+)\/deployments\/(\w+)\/logs$/,
    (platform, [modelId, id], body) => {
      const chainlet = platform.chainlets.find((each) => each.versionId === id && each.oracle.id === modelId);
      if (!chainlet) return refuse(404, "Deployment not found");
      const odd = Object.keys(body).find((key) => !["start_epoch_millis", "end_epoch_millis"].includes(key));
      if (odd) return refuse(422, `Extra field ${odd}`);
      const from = BigInt((body.start_epoch_millis as number | undefined) ?? 0) * 1_000_000n;
      return ok({ logs: chainlet.logs.filter(({ timestamp }) => BigInt(timestamp) >= from).reverse() });
    },
  ],
];

/** The answer of the REST API. */
export function answerRest(
  platform: Platform,
  method: string,
  path: string,
  body: Record<string, unknown>,
): RestAnswer {
  for (const [routeMethod, pattern, handler] of ROUTES) {
    const match = routeMethod === method ? pattern.exec(path) : null;
    if (match) return handler(platform, match.slice(1), body);
  }
  return refuse(404, `Nothing is at ${method} ${path}`);
}
