import type { RemoteErrorDetail, RemoteFrame } from "./remote-error-detail.ts";

const INDENT = "│   ";
const SAME_FRAMES_SHOWN = 3;

/** The message of an error that came from a dependency: line for line what a Python caller makes of it. */
export function formatRemoteTree(base: string, detail: RemoteErrorDetail): string {
  const lines = formatDetail(detail).map((line) => (line.trim() === "" ? line : INDENT + line));
  const last = lines.pop()!;
  lines.push(last.startsWith("│") ? `╰${last.slice(1)}` : last);
  return ["(showing chained remote errors, root error at the bottom)", `├─ ${base}`, ...lines].join("\n");
}

function formatDetail(detail: RemoteErrorDetail): string[] {
  const module = detail.exception_module_name;
  return [
    "Chainlet-Traceback (most recent call last):",
    ...formatFrames(detail.user_stack_trace),
    ...`${detail.exception_cls_name}: ${detail.exception_message}`.split("\n"),
    ...(module ? [`(Exception class defined in \`${module}\`.)`] : []),
  ];
}

function formatFrames(frames: readonly RemoteFrame[]): string[] {
  const lines: string[] = [];
  let previous: RemoteFrame | undefined;
  let same = 0;
  const closeRun = () => {
    const hidden = same - SAME_FRAMES_SHOWN;
    if (hidden > 0)
      lines.push(`  [Previous line repeated ${hidden} more ${hidden === 1 ? "time" : "times"}]`);
  };
  for (const frame of frames) {
    if (!previous || !isSame(previous, frame)) {
      closeRun();
      same = 0;
    }
    previous = frame;
    same++;
    if (same > SAME_FRAMES_SHOWN) continue;
    lines.push(`  File "${frame.filename}", line ${frame.lineno ?? "None"}, in ${frame.name}`);
    if (frame.line) lines.push(`    ${frame.line.trim()}`);
  }
  closeRun();
  return lines;
}

function isSame(a: RemoteFrame, b: RemoteFrame): boolean {
  return a.filename === b.filename && a.lineno === b.lineno && a.name === b.name;
}
