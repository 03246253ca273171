/** The addresses of a deployment, as people and programs use them. */
export interface DeploymentUrls {
  /** Where requests go: `POST` for a plain endpoint or a stream, `wss` for a WebSocket. */
  readonly invoke: string;
  /** The deployment's page. */
  readonly page: string;
}

export interface Addressed {
  readonly remoteUrl: string;
  readonly hostname: string;
  readonly chainId: string;
  readonly deploymentId: string;
  readonly isDraft: boolean;
  readonly environment: string | undefined;
  readonly isWebSocket: boolean;
}

export function deploymentUrls(of: Addressed): DeploymentUrls {
  const where =
    of.environment !== undefined
      ? `environments/${of.environment}`
      : of.isDraft
        ? "development"
        : `deployment/${of.deploymentId}`;
  const base = of.isWebSocket ? of.hostname.replace(/^http/, "ws") : of.hostname;
  return {
    invoke: `${base}/${where}/${of.isWebSocket ? "websocket" : "run_remote"}`,
    page: `${of.remoteUrl}/chains/${of.chainId}/overview`,
  };
}

/** The page with a chainlet's logs. */
export function logsPage(
  remoteUrl: string,
  chainId: string,
  deploymentId: string,
  chainletId: string,
): string {
  return `${remoteUrl}/chains/${chainId}/logs/${deploymentId}/${chainletId}`;
}
