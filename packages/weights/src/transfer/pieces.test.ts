import fc from "fast-check";
import { expect, test } from "vitest";
import { type Piece, Pieces } from "./pieces.ts";

const SIZE = 100;
const MOST = 16;

test("a new file is asked for piece by piece, from its start", () => {
  const pieces = new Pieces(SIZE);
  pieces.begin([], 40);
  const ranges = [0, 1, 2].map(() => pieces.take(0)).map((piece) => [piece!.start, piece!.end]);
  expect(ranges).toEqual([
    [0, 40],
    [40, 80],
    [80, 100],
  ]);
  expect(pieces.take(0)).toBeUndefined();
});

test("what is there already is not asked for", () => {
  const pieces = new Pieces(SIZE);
  pieces.begin(
    [
      { start: 0, end: 30 },
      { start: 50, end: 100 },
    ],
    MOST * 2,
  );
  expect(pieces.waitingBytes).toBe(20);
  expect(pieces.frontier).toBe(30);
  expect(pieces.take(0)).toMatchObject({ start: 30, end: 50 });
});

test("a piece that has to wait is left until its time", () => {
  const pieces = new Pieces(SIZE);
  pieces.begin([], SIZE);
  const piece = pieces.take(0)!;
  pieces.release(piece);
  pieces.putBack({ ...piece, notBefore: 50 });
  expect(pieces.nextTry).toBe(50);
  expect(pieces.take(49)).toBeUndefined();
  expect(pieces.take(50)).toMatchObject({ start: 0, end: SIZE });
});

test("bytes of a version that was given up count for nothing, and are waited for", () => {
  const pieces = new Pieces(SIZE);
  pieces.begin([], SIZE / 2);
  const [first, second] = [pieces.take(0)!, pieces.take(0)!];
  pieces.restart(SIZE);
  expect(pieces.take(0)).toBeUndefined();
  expect(pieces.release(first)).toBeNull();
  expect(pieces.take(0)).toBeUndefined();
  expect(pieces.release(second)).toBeNull();
  expect(pieces.take(0)).toMatchObject({ start: 0, end: SIZE });
});

test("however pieces end, every byte is there in the end, and none is asked for twice at a time", () => {
  const step = fc.record({ pick: fc.nat(), written: fc.nat(MOST), restart: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pieces = new Pieces(SIZE);
      pieces.begin([], MOST);
      const running: Piece[] = [];
      for (const { pick, written, restart } of steps) {
        if (restart && pick % 10 === 0) pieces.restart(MOST);
        const taken = pieces.take(0);
        if (taken) running.push(taken);
        const byStart = running.toSorted((a, b) => a.start - b.start);
        byStart.slice(1).forEach((piece, index) => {
          expect(piece.start).toBeGreaterThanOrEqual(byStart[index]!.end);
        });
        if (pick % 3 === 0 || running.length === 0) continue;
        const [piece] = running.splice(pick % running.length, 1);
        pieces.progressed(piece!, Math.min(piece!.start + written, piece!.end));
        finish(pieces, piece!);
      }
      for (const piece of running) finish(pieces, piece);
      for (let piece = pieces.take(0); piece; piece = pieces.take(0)) {
        pieces.progressed(piece, piece.end);
        finish(pieces, piece);
      }
      expect(pieces.complete).toBe(true);
      expect(pieces.receivedBytes).toBe(SIZE);
    }),
  );
});

/** Keeps what a piece brought and asks for the rest again. */
function finish(pieces: Pieces, piece: Piece): void {
  const written = pieces.release(piece);
  if (written === null) return;
  pieces.add({ start: piece.start, end: written });
  pieces.putBack({ ...piece, start: written });
}
