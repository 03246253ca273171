import type { ErrorCode, Problem } from "@truss-chains/errors";
import { locate } from "../../describe/locate.ts";
import type { SourcePlace } from "../../describe/source-facts.ts";

/** A class under check; decorated or not, it may break any rule. */
export type CheckedClass = abstract new (...args: any[]) => any;

/** Collects the problems of one class. */
export class Report {
  readonly problems: Problem[] = [];
  readonly cls: CheckedClass;

  constructor(cls: CheckedClass) {
    this.cls = cls;
  }

  error(code: ErrorCode, message: string, fix: string, member?: string, place?: SourcePlace): void {
    this.problems.push({ code, severity: "error", message, fix, location: locate(this.cls, member, place) });
  }
}

export type Check = (cls: CheckedClass, report: Report) => void;
