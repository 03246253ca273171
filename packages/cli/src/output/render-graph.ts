import type { ChainGraph, ChainNode } from "@truss-chains/core";
import type { Terminal } from "./terminal.ts";

export type GraphFormat = "text" | "mermaid" | "dot";

export function renderGraph(graph: ChainGraph, format: GraphFormat, terminal: Terminal): string {
  if (format === "mermaid") return mermaid(graph);
  if (format === "dot") return dot(graph);
  return text(graph, terminal.resultStyle);
}

// A chainlet that several others use is drawn below each of them, but its own dependencies only once.
function text(graph: ChainGraph, style: Terminal["resultStyle"]): string {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const drawn = new Set<string>();
  const lines: string[] = [`${style.bold(graph.name)}`];
  const draw = (name: string, lead: string, isLast: boolean): void => {
    const node = nodes.get(name)!;
    const again = drawn.has(name) && node.dependencies.length > 0;
    lines.push(
      `${lead}${isLast ? "└─ " : "├─ "}${style.cyan(name)}  ${style.dim(summary(node) + (again ? " (see above)" : ""))}`,
    );
    if (again) return;
    drawn.add(name);
    node.dependencies.forEach(({ target }, index) => {
      draw(target, `${lead}${isLast ? "   " : "│  "}`, index === node.dependencies.length - 1);
    });
  };
  draw(graph.entrypoint, "", true);
  return lines.join("\n");
}

function summary(node: ChainNode): string {
  const parts = [
    node.kind === "code" ? undefined : node.kind,
    node.endpoint.kind === "unary" ? undefined : node.endpoint.kind,
    // The config.yaml of a truss decides, whatever the chain says.
    node.kind === "truss" ? undefined : hardware(node.remoteConfig),
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function hardware({ compute }: ChainNode["remoteConfig"]): string {
  return compute.instanceType ?? `${compute.cpuCount} cpu, ${compute.memory}${gpuText(compute)}`;
}

function gpuText({ gpu, gpuCount }: ChainNode["remoteConfig"]["compute"]): string {
  if (gpu === undefined) return "";
  return gpuCount > 1 ? `, ${gpuCount} × ${gpu}` : `, ${gpu}`;
}

function mermaid(graph: ChainGraph): string {
  const boxes = graph.nodes.map(({ name, kind }) =>
    name === graph.entrypoint
      ? `  ${name}([${name}])`
      : kind === "code"
        ? `  ${name}[${name}]`
        : `  ${name}[[${name}]]`,
  );
  return ["graph TD", ...boxes, ...edges(graph).map(([from, to]) => `  ${from} --> ${to}`)].join("\n");
}

function dot(graph: ChainGraph): string {
  const boxes = graph.nodes.map(
    ({ name }) => `  "${name}" [shape=${name === graph.entrypoint ? "oval" : "box"}];`,
  );
  return [
    "digraph chain {",
    ...boxes,
    ...edges(graph).map(([from, to]) => `  "${from}" -> "${to}";`),
    "}",
  ].join("\n");
}

function edges(graph: ChainGraph): [string, string][] {
  return graph.nodes.flatMap((node) =>
    node.dependencies.map(({ target }): [string, string] => [node.name, target]),
  );
}
