import type { Frame, FramePort, SocketClose } from "./frame-port.ts";

type Listener = Parameters<FramePort["listen"]>[0];

/** Two ends of a socket without a network between them. Frames arrive in order, after the caller's current turn. */
export function memoryPair(): readonly [FramePort, FramePort] {
  const a = new MemoryPort();
  const b = new MemoryPort();
  a.peer = b;
  b.peer = a;
  return [a, b];
}

class MemoryPort implements FramePort {
  peer!: MemoryPort;
  #listener: Listener | undefined;
  #waiting: (() => void)[] = [];
  #paused = false;
  #closed = false;

  listen(listener: Listener): void {
    this.#listener = listener;
    this.#deliver();
  }

  send(frame: Frame): Promise<void> {
    return new Promise((resolve) => {
      this.peer.#arrive(() => {
        this.peer.#listener?.onFrame(frame);
        resolve();
      });
    });
  }

  close(code: number, reason: string): void {
    if (this.#closed) return;
    const close: SocketClose = { code, reason };
    for (const end of [this, this.peer]) {
      end.#closed = true;
      end.#paused = false;
      end.#arrive(() => end.#listener?.onClose(close));
    }
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliver();
  }

  #arrive(event: () => void): void {
    this.#waiting.push(event);
    queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    while (!this.#paused && this.#listener && this.#waiting.length > 0) this.#waiting.shift()!();
  }
}
