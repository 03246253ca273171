import type { Recorder } from "../metrics/meter.ts";
import type { Series } from "../metrics/series.ts";
import { servedCalls } from "../metrics/served-calls.ts";
import { ABANDONED, isAbandoned } from "./abandoned.ts";
import { type Answer, type Handler, isStream } from "./answer.ts";
import { failureAnswer } from "./failure.ts";
import type { Gate } from "./gate.ts";
import { waitForTurn } from "./wait-for-turn.ts";
import { whenEnded } from "./when-ended.ts";

/** A handler behind a gate, with its times measured. A call holds its turn until the last item of its stream. */
export function limited(handler: Handler, gate: Gate, meter: Recorder): Handler {
  const queueTime = meter.series(servedCalls.queueTime);
  const serviceTime = meter.series(servedCalls.serviceTime);
  const answers = new Map<number, Series>();
  const count = (answer: Answer): Answer => {
    const { status } = answer;
    let series = answers.get(status);
    if (!series) {
      series = meter.series(servedCalls.requests, { status });
      answers.set(status, series);
    }
    series.add(1);
    return answer;
  };
  return async (incoming) => {
    const arrived = performance.now();
    let request = incoming;
    try {
      const turn = gate.enter(incoming.body.length, incoming);
      if (turn) request = await waitForTurn(turn, incoming);
    } catch (error) {
      return count(isAbandoned(error, incoming.cancellation) ? ABANDONED : failureAnswer(error));
    }
    const begun = performance.now();
    queueTime.add((begun - arrived) / 1000);
    const end = (): void => {
      gate.leave();
      serviceTime.add((performance.now() - begun) / 1000);
    };
    let answer: Answer;
    try {
      answer = count(await handler(request));
    } catch (error) {
      end();
      return count(failureAnswer(error));
    }
    if (isStream(answer.body)) {
      // A stream is answered with its first item at hand.
      meter.series(servedCalls.firstItemTime).add((performance.now() - begun) / 1000);
      return { ...answer, body: whenEnded(answer.body, end) };
    }
    end();
    return answer;
  };
}
