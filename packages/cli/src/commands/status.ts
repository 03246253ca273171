import { CHAINLET_COLUMNS, chainletRows } from "../output/chainlet-rows.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";
import { openTarget, type TargetOptions } from "./deployment-target.ts";

export async function status(options: TargetOptions, terminal: Terminal): Promise<void> {
  const deployment = await openTarget(options, terminal);
  const [{ chainlets }, environments] = await Promise.all([deployment.status(), deployment.servedBy()]);
  const { chainName, chainId, deploymentId, isDraft, url, urls } = deployment;
  if (terminal.json) {
    terminal.writeJson({
      chain: chainName,
      chainId,
      deploymentId,
      isDraft,
      environments,
      url,
      page: urls.page,
      chainlets,
    });
    return;
  }
  const { bold, dim } = terminal.resultStyle;
  const kind = isDraft ? "development deployment" : "deployment";
  const serves = environments.length > 0 ? `, serves ${environments.join(", ")}` : "";
  terminal.result(`${bold(chainName)} ${dim(`${kind} ${deploymentId}${serves}`)}\n`);
  const rows = chainletRows(chainlets, terminal.resultStyle).map((row, index) => [
    ...row,
    dim(deployment.logsPage(chainlets[index]!)),
  ]);
  terminal.result(table([...CHAINLET_COLUMNS, "logs"], rows, terminal));
  terminal.result(`\n${url}\n${dim(urls.page)}`);
}
