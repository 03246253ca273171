import type { Recorder } from "../metrics/meter.ts";
import { servedCalls } from "../metrics/served-calls.ts";
import { type Answer, type Handler, isStream } from "./answer.ts";
import { failureAnswer } from "./failure.ts";
import type { Gate } from "./gate.ts";

const NO_LABELS = {};

/** A handler behind a gate, with its times measured. A call holds its turn until the last item of its stream. */
export function limited(handler: Handler, gate: Gate, meter: Recorder): Handler {
  const count = (answer: Answer): Answer => {
    meter.record(servedCalls.requests, 1, { status: answer.status });
    return answer;
  };
  return async (request) => {
    const arrived = performance.now();
    try {
      const turn = gate.enter(request.body.length, request);
      if (turn) await turn;
    } catch (error) {
      return count(failureAnswer(error));
    }
    const begun = performance.now();
    meter.record(servedCalls.queueTime, (begun - arrived) / 1000, NO_LABELS);
    const end = (): void => {
      gate.leave();
      meter.record(servedCalls.serviceTime, (performance.now() - begun) / 1000, NO_LABELS);
    };
    const answer = count(await handler(request));
    if (isStream(answer.body)) return { ...answer, body: timed(answer.body, begun, meter, end) };
    end();
    return answer;
  };
}

async function* timed(
  body: AsyncIterable<Uint8Array>,
  begun: number,
  meter: Recorder,
  end: () => void,
): AsyncIterable<Uint8Array> {
  let first = true;
  try {
    for await (const chunk of body) {
      if (first) meter.record(servedCalls.firstItemTime, (performance.now() - begun) / 1000, NO_LABELS);
      first = false;
      yield chunk;
    }
  } finally {
    end();
  }
}
