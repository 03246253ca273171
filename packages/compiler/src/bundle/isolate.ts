import { type ChainGraph, constructedByHand, STUB_KEY, type StubData } from "@truss-chains/core";
import MagicString from "magic-string";
import { type TopLevelClass, topLevelClasses } from "../source/classes.ts";
import { FacadeImports } from "../source/facade-imports.ts";
import type { ParsedModule } from "../source/module-cache.ts";
import type { Program } from "../source/parse-module.ts";
import { walk } from "../source/walk.ts";
import { type ClassUses, isStatic, nameOf } from "./class-uses.ts";

/** The name under which the entry module imports the bundled class, exported by its author or not. */
export const TARGET_EXPORT = "__chainlet__";

export interface IsolationTarget {
  readonly graph: ChainGraph;
  /** Class name of the chainlet that is bundled. */
  readonly name: string;
  /** Names of the classes of this module whose code stays: the chainlet and what it extends. */
  readonly keep: ReadonlySet<string>;
  /** Whether this module declares the chainlet. */
  readonly declaresTarget: boolean;
  /** Of the whole chain. */
  readonly uses: ClassUses;
}

/**
 * Rewrites a source module for the bundle of one chainlet: every other code chainlet becomes a stub class, which only
 * says how it is called and has the static members that others use. What only the rest used (models, packages, helpers)
 * then drops out of the bundle by itself. Build-time configuration, of no use in the server, goes too.
 */
export function isolateModule(
  { file, code, program }: ParsedModule,
  target: IsolationTarget,
): { code: string; map: string } {
  const facade = new FacadeImports(program);
  const text = new MagicString(code);
  // First: text that is replaced below can no longer be edited inside.
  markConfigPure(program, facade, text);
  for (const found of topLevelClasses(program)) {
    const decorator = chainletDecorator(found, facade);
    if (target.keep.has(found.name)) {
      if (decorator?.expression.arguments.length) stripArguments(decorator.expression, text);
    } else if (decorator && !isForeign(found, target.graph)) {
      text.overwrite(found.start, found.end, stubClass(found, code, target));
    }
  }
  if (target.declaresTarget) text.append(`\nexport { ${target.name} as ${TARGET_EXPORT} };\n`);
  return {
    code: text.toString(),
    map: text.generateMap({ source: file, hires: "boundary", includeContent: true }).toString(),
  };
}

function chainletDecorator({ node }: TopLevelClass, facade: FacadeImports): any {
  return node.decorators.find(
    ({ expression }: any) =>
      expression.type === "CallExpression" && facade.nameOf(expression.callee) === "Chainlet",
  );
}

// Chainlets that run elsewhere stay whole: they hold no code, and callers check answers with their schemas.
function isForeign({ name }: TopLevelClass, graph: ChainGraph): boolean {
  const node = graph.nodes.find((candidate) => candidate.name === name);
  return node !== undefined && node.kind !== "code";
}

function stubClass({ name, exported, node }: TopLevelClass, code: string, target: IsolationTarget): string {
  const prefix = exported === "default" ? "export default " : exported === "named" ? "export " : "";
  const textOf = ({ start, end }: any) => code.slice(start, end);
  const used = (node.body.body as any[]).filter(
    (member) => isStatic(member) && target.uses.uses(name, nameOf(member)),
  );
  // They run between the initial values of the others.
  const statics = node.body.body.filter(
    (member: any) => used.includes(member) || (used.length > 0 && member.type === "StaticBlock"),
  );
  const heritage = target.uses.usesInherited(name) ? ` extends ${textOf(node.superClass)}` : "";
  const members = [...stubMark(name, target.graph), ...statics.map(textOf)];
  return `${prefix}class ${name}${heritage} {\n${members.join("\n")}\n}`;
}

function stubMark(name: string, graph: ChainGraph): string[] {
  const node = graph.nodes.find((candidate) => candidate.name === name);
  if (!node) return [];
  const { displayName, kind, contract, endpoint } = node;
  const takesInput = endpoint.kind !== "websocket" && endpoint.input !== null;
  const data: StubData = {
    name,
    displayName,
    kind,
    endpoint: endpoint.kind,
    takesInput,
    contract: { hash: contract, schemas: endpoint },
  };
  const { message, fix } = constructedByHand(name);
  return [
    `static [Symbol.for(${JSON.stringify(STUB_KEY)})] = ${JSON.stringify(data)};`,
    `constructor() { throw new Error(${JSON.stringify(`${message} ${fix}`)}); }`,
  ];
}

function stripArguments(call: any, text: MagicString): void {
  text.remove(call.arguments[0].start, call.arguments.at(-1).end);
}

const CONFIG_CLASSES = new Set([
  "Assets",
  "ChainletOptions",
  "Compute",
  "CustomImage",
  "DockerImage",
  "ExternalData",
  "HealthChecks",
  "ModelRepo",
  "RemoteConfig",
  "Transport",
  "WeightsAuth",
  "WeightsSource",
]);

// A config object in a constant that nothing uses any more is only dropped when its construction is known to be pure.
function markConfigPure(program: Program, facade: FacadeImports, text: MagicString): void {
  walk(program, (node) => {
    if (node.type !== "NewExpression") return;
    if (CONFIG_CLASSES.has(facade.nameOf(node.callee) ?? ""))
      text.appendRight(node.start, "/* @__PURE__ */ ");
  });
}
