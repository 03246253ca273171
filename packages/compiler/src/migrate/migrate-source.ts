import type { Problem } from "@truss-chains/errors";
import MagicString from "magic-string";
import { FacadeImports } from "../source/facade-imports.ts";
import { type Program, parseModule } from "../source/parse-module.ts";
import { placeIn } from "../source/place.ts";
import { walk } from "../source/walk.ts";
import { convertRepoLiteral, type RepoConversion } from "./convert-repo.ts";
import { renameImport } from "./rename-import.ts";

/** A chain's source after `cached: [new ModelRepo…]` became `weights: [new WeightsSource…]`. */
export interface SourceMigration {
  /** False when there is nothing to do, or when it could not be done safely; `warnings` tell. */
  readonly changed: boolean;
  readonly code: string;
  readonly warnings: readonly Problem[];
}

/**
 * Migrates one file of a chain, keeping its formatting. Where it cannot be sure, it says so and changes nothing.
 *
 * @throws ChainsError `SOURCE_SYNTAX`.
 */
export function migrateSource(file: string, code: string): SourceMigration {
  const program = parseModule(file, code);
  const facade = new FacadeImports(program);
  const text = new MagicString(code);
  const warnings: Problem[] = [];
  const warn = (node: { start: number }, message: string, fix: string): void => {
    const location = { file, ...placeIn(code, node.start) };
    warnings.push({ code: "CONFIG_AMBIGUOUS", severity: "warning", message, fix, location });
  };

  const assets = findAssets(program, facade);
  if (assets.length === 0) return { changed: false, code, warnings };
  const repos: { node: any; conversion: RepoConversion }[] = [];
  let unsure = false;
  const giveUp = (node: { start: number }, why: string): void => {
    unsure = true;
    warn(
      node,
      `This cannot be migrated: ${why}.`,
      "Change it by hand, or write it out and run chains migrate again.",
    );
  };
  for (const { cached, weights } of assets) {
    if (weights) giveUp(weights.key, "there are `weights` beside `cached`");
    if (cached.shorthand || cached.value.type !== "ArrayExpression") {
      giveUp(cached, "`cached` is not a list that is written out");
      continue;
    }
    for (const element of cached.value.elements) {
      const construction = element && resolveRepo(element, program, facade);
      if (!construction)
        giveUp(element ?? cached, "an entry of `cached` is not a `new ModelRepo({ … })` of this file");
      else if (!repos.some(({ node }) => node === construction)) {
        const conversion = convertRepoLiteral(construction.arguments[0], code);
        if (typeof conversion === "string") giveUp(construction, conversion);
        else repos.push({ node: construction, conversion });
      }
    }
  }
  if (unsure) return { changed: false, code, warnings };

  for (const { cached } of assets) text.overwrite(cached.key.start, cached.key.end, "weights");
  for (const { node, conversion } of repos) {
    conversion.apply(text);
    const name = node.callee.type === "MemberExpression" ? node.callee.property : node.callee;
    text.overwrite(name.start, name.end, "WeightsSource");
    if (conversion.moved !== undefined) {
      warn(node, `The files of this repository move to ${conversion.moved}.`, "Load them from there.");
    }
  }
  const left = countUses(program, facade, "ModelRepo") - repos.length;
  renameImport(program, text, "ModelRepo", "WeightsSource", left > 0);
  for (const use of findCalls(program, facade, "resolver")) {
    warn(
      use,
      "Weights are mounted before the chainlet starts: there is nothing to wait for.",
      "Inject @context() and use context.resolveMount(mountLocation).",
    );
  }
  return { changed: true, code: text.toString(), warnings };
}

function findAssets(program: Program, facade: FacadeImports): { cached: any; weights: any }[] {
  const found: { cached: any; weights: any }[] = [];
  walk(program, (node) => {
    if (node.type !== "NewExpression" || facade.nameOf(node.callee) !== "Assets") return;
    const [argument] = node.arguments;
    if (argument?.type !== "ObjectExpression") return;
    const property = (name: string): any =>
      argument.properties.find(
        (one: any) => one.type === "Property" && (one.key.name ?? one.key.value) === name,
      );
    const cached = property("cached");
    const isEmpty = cached?.value.type === "ArrayExpression" && cached.value.elements.length === 0;
    if (cached && !isEmpty) found.push({ cached, weights: property("weights") });
  });
  return found;
}

/** The construction itself, or the one of the constant that is named and used for nothing else. */
function resolveRepo(element: any, program: Program, facade: FacadeImports): any {
  if (isRepo(element, facade)) return element;
  if (element.type !== "Identifier") return undefined;
  let declared: any;
  let uses = 0;
  let listed = 0;
  walk(program, (node) => {
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.id.name === element.name)
      declared = node.init;
    if (node.type === "Identifier" && node.name === element.name) uses += 1;
    if (node.type === "ArrayExpression")
      listed += node.elements.filter(
        (one: any) => one?.type === "Identifier" && one.name === element.name,
      ).length;
  });
  const onlyListed = uses === listed + 1;
  return onlyListed && isRepo(declared, facade) ? declared : undefined;
}

function isRepo(node: any, facade: FacadeImports): boolean {
  return (
    node?.type === "NewExpression" &&
    facade.nameOf(node.callee) === "ModelRepo" &&
    node.arguments.length === 1
  );
}

function countUses(program: Program, facade: FacadeImports, name: string): number {
  let count = 0;
  walk(program, (node) => {
    if (node.type === "ImportDeclaration") return false;
    if (node.type === "Identifier" && facade.nameOf(node) === name) count += 1;
  });
  return count;
}

function findCalls(program: Program, facade: FacadeImports, name: string): any[] {
  const calls: any[] = [];
  walk(program, (node) => {
    if (node.type === "CallExpression" && facade.nameOf(node.callee) === name) calls.push(node);
  });
  return calls;
}
