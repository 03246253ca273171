import { extendsChainletBase } from "../../authoring/chainlet-base.ts";
import { isChainletClass, metadataOf } from "../../authoring/metadata.ts";
import { describeEndpoint } from "../../describe/describe-chainlet.ts";
import { constructorOwner, injectionsOf } from "../../describe/members.ts";
import { sourceFactsOf } from "../../describe/source-facts.ts";
import { stubDataOf } from "../../describe/stub-class.ts";
import { kindOf } from "../../kinds/kind.ts";
import type { Check, CheckedClass, Report } from "./report.ts";

/** Every constructor parameter asks for one thing that can be injected, and nothing is asked for elsewhere. */
export const checkConstructor: Check = (cls, report) => {
  const injections = injectionsOf(cls);
  if (kindOf(cls) && injections.size > 0) {
    report.error(
      "DEPENDENCY_INVALID",
      `${cls.name} runs elsewhere: nothing can be injected into it.`,
      "Remove its constructor.",
      "constructor",
    );
    return;
  }
  checkUndecorated(cls, report);
  const seen = new Set<unknown>();
  for (const [position, asked] of [...injections].sort(([a], [b]) => a - b)) {
    if (asked.length > 1) {
      report.error(
        "DEPENDENCY_INVALID",
        `${capital(parameterName(cls, position))} has ${asked.length} injecting decorators.`,
        "Keep one of @depends(), @context() and @resolver().",
        ...placeOf(cls, position),
      );
    }
    for (const injection of asked) {
      if (injection.kind !== "dependency") continue;
      if (seen.has(injection.target) && injection.target !== undefined) {
        report.error(
          "DEPENDENCY_DUPLICATE",
          `${nameOf(injection.target)} is injected twice, the second time as ${parameterName(cls, position)}.`,
          "Use the one parameter for both.",
          ...placeOf(cls, position),
        );
      }
      seen.add(injection.target);
      checkTarget(cls, position, injection.target, report);
    }
  }
};

function checkUndecorated(cls: CheckedClass, report: Report): void {
  const owner = constructorOwner(cls);
  if (owner !== cls && metadataOf(owner)?.decorated) return;
  const known = sourceFactsOf(owner)?.constructorParameters;
  const injections = injectionsOf(cls);
  const count = known ? known.length : owner.length;
  for (let position = 0; position < count; position++) {
    if (injections.has(position)) continue;
    const isDecorated = known?.[position]?.decorated === true;
    report.error(
      "PARAMETER_NOT_INJECTED",
      `${capital(parameterName(cls, position))} has ${isDecorated ? "a decorator that injects nothing" : "no decorator, so nothing can be injected"}.`,
      isDecorated
        ? "Write @depends(Chainlet), @context() or @resolver(), with the parentheses."
        : "Put @depends(Chainlet), @context() or @resolver() before it, or remove it.",
      ...placeOf(cls, position),
    );
  }
}

function checkTarget(cls: CheckedClass, position: number, target: unknown, report: Report): void {
  const place = placeOf(cls, position);
  const asked = `@depends of ${parameterName(cls, position)}`;
  if (target === undefined) {
    report.error(
      "DEPENDENCY_INVALID",
      `${asked} is undefined: the class is used before it is defined.`,
      "Declare the dependency above, or break the circle of imports between the two files.",
      ...place,
    );
  } else if (typeof target === "function" && stubDataOf(target)) {
    return;
  } else if (typeof target !== "function" || !extendsChainletBase(target)) {
    report.error(
      "DEPENDENCY_INVALID",
      `${asked} is ${nameOf(target)}, which is not a chainlet.`,
      "Name a class that extends ChainletBase.",
      ...place,
    );
  } else if (!isChainletClass(target)) {
    report.error(
      "CHAINLET_NOT_DECORATED",
      `${asked} is ${target.name}, which has no @Chainlet().`,
      `Put @Chainlet() above class ${target.name}.`,
      ...place,
    );
  } else if (describeEndpoint(target).kind === "websocket") {
    report.error(
      "DEPENDENCY_WEBSOCKET",
      `${asked} is ${target.name}, whose endpoint is a WebSocket.`,
      "Only the entrypoint can have one: give the dependency an input and an output, or a stream.",
      ...place,
    );
  }
}

function parameterName(cls: CheckedClass, position: number): string {
  const name = sourceFactsOf(constructorOwner(cls))?.constructorParameters?.[position]?.name;
  return name ? `the constructor parameter \`${name}\`` : `constructor parameter ${position + 1}`;
}

function placeOf(cls: CheckedClass, position: number) {
  return ["constructor", sourceFactsOf(constructorOwner(cls))?.constructorParameters?.[position]] as const;
}

function nameOf(target: unknown): string {
  if (typeof target === "function") return target.name || "an unnamed class";
  return target === null ? "null" : `a value of type ${typeof target}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
