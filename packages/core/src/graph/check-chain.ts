import type { Problem } from "@truss-chains/errors";
import { isChainletClass, metadataOf } from "../authoring/metadata.ts";
import { remoteConfigOf } from "../describe/describe-chainlet.ts";
import { describePlace } from "../describe/locate.ts";
import { injectionsOf } from "../describe/members.ts";
import { stubDataOf } from "../describe/stub-class.ts";
import { kindOf } from "../kinds/kind.ts";
import { checkConstruction } from "./checks/construction.ts";
import { checkConstructor } from "./checks/constructor.ts";
import { checkDecorators } from "./checks/decorators.ts";
import { checkEndpoint } from "./checks/endpoint.ts";
import { checkForeignConfig } from "./checks/foreign-config.ts";
import { checkHealth } from "./checks/health.ts";
import { checkIdentity } from "./checks/identity.ts";
import { type CheckedClass, Report } from "./checks/report.ts";
import { checkTransport } from "./checks/transport.ts";

const CHECKS = [
  checkIdentity,
  checkDecorators,
  checkEndpoint,
  checkConstructor,
  checkTransport,
  checkHealth,
  checkForeignConfig,
];

/**
 * Every problem of the chain that starts at `entrypoint`, in the order of its chainlets. Constructs nothing.
 * `others` are chainlets of the same source that the chain does not reach; their own rules are checked too.
 */
export function checkChain(entrypoint: CheckedClass, others: readonly CheckedClass[] = []): Problem[] {
  const chain = chainClasses(entrypoint);
  const problems = [...checkEntrypoint(entrypoint), ...checkCycles(entrypoint), ...checkNames(chain)];
  const all = [...new Set([...chain, ...others])];
  const names = new Set(all.filter(isChainletClass).map((cls) => cls.name));
  for (const cls of all) {
    const report = new Report(cls);
    for (const check of CHECKS) check(cls, report);
    checkConstruction(cls, report, names);
    problems.push(...report.problems);
  }
  return problems;
}

/** Every chainlet of a chain: dependencies first, in the order of the constructors' parameters; the entrypoint last. */
export function chainClasses(entrypoint: CheckedClass): CheckedClass[] {
  const order: CheckedClass[] = [];
  const seen = new Set<CheckedClass>();
  const visit = (cls: CheckedClass): void => {
    if (seen.has(cls)) return;
    seen.add(cls);
    for (const target of dependenciesOf(cls)) visit(target);
    order.push(cls);
  };
  visit(entrypoint);
  return order;
}

/** The classes that a constructor asks for, as far as they are chainlets. */
function dependenciesOf(cls: CheckedClass): CheckedClass[] {
  const positions = [...injectionsOf(cls)].sort(([a], [b]) => a - b);
  return positions.flatMap(([, injections]) =>
    injections.flatMap((injection) => {
      if (injection.kind !== "dependency" || !isChainletClass(injection.target)) return [];
      return stubDataOf(injection.target) ? [] : [injection.target];
    }),
  );
}

function checkEntrypoint(cls: CheckedClass): Problem[] {
  const report = new Report(cls);
  if (kindOf(cls)) {
    report.error(
      "ENTRYPOINT_INVALID",
      `${cls.name} cannot be an entrypoint: its code is not part of the chain.`,
      "Write a chainlet that depends on it, and mark that one.",
    );
  }
  const name = metadataOf(cls)?.entrypoint?.name;
  if (name !== undefined && (typeof name !== "string" || name.trim() === "")) {
    report.error(
      "ENTRYPOINT_INVALID",
      typeof name === "string" ? "The name of the chain is empty." : "The name of the chain is not a text.",
      "Write @markEntrypoint() or give it a name.",
    );
  }
  return report.problems;
}

function checkCycles(entrypoint: CheckedClass): Problem[] {
  const problems: Problem[] = [];
  const done = new Set<CheckedClass>();
  const visit = (cls: CheckedClass, path: readonly CheckedClass[]): void => {
    const start = path.indexOf(cls);
    if (start !== -1) {
      const report = new Report(cls);
      const circle = [...path.slice(start), cls].map((one) => one.name).join(" → ");
      report.error(
        "DEPENDENCY_CYCLE",
        `The dependencies form a circle: ${circle}.`,
        "Remove one of these @depends.",
        "constructor",
      );
      problems.push(...report.problems);
      return;
    }
    if (done.has(cls)) return;
    for (const target of dependenciesOf(cls)) visit(target, [...path, cls]);
    done.add(cls);
  };
  visit(entrypoint, []);
  return problems;
}

function checkNames(chain: readonly CheckedClass[]): Problem[] {
  const problems: Problem[] = [];
  const taken = { name: new Map<string, CheckedClass>(), displayName: new Map<string, CheckedClass>() };
  for (const cls of chain) {
    const names = { name: directoryKey(cls.name), displayName: remoteConfigOf(cls).name ?? cls.name };
    const report = new Report(cls);
    const sameClass = taken.name.get(names.name);
    const sameDisplay = taken.displayName.get(names.displayName);
    if (sameClass) {
      report.error(
        "CHAINLET_NAME_TAKEN",
        sameClass.name === cls.name
          ? `Two chainlets of the chain are named ${cls.name}; the other is at ${describePlace(sameClass)}.`
          : `${cls.name} and ${sameClass.name}, at ${describePlace(sameClass)}, would share a directory on disks that ignore case.`,
        "Rename one of the classes.",
      );
    } else if (sameDisplay) {
      report.error(
        "CHAINLET_NAME_TAKEN",
        `The display name "${names.displayName}" is also that of ${sameDisplay.name}, at ${describePlace(sameDisplay)}.`,
        "Give one of them another RemoteConfig.name.",
      );
    }
    taken.name.set(names.name, sameClass ?? cls);
    taken.displayName.set(names.displayName, sameDisplay ?? cls);
    problems.push(...report.problems);
  }
  return problems;
}

// Trusses are in directories named after their classes.
const directoryKey = (className: string): string => className.normalize("NFC").toLowerCase();
