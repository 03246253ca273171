/** What travels over a WebSocket: text, or bytes. */
export type Frame = string | Uint8Array;

/** Why a socket ended. */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}

/** One end of a socket, without types or schemas: a real one, or one in memory. */
export interface FramePort {
  /** Called with each frame, then once with the close. Set before anything else happens. */
  listen(listener: { onFrame(frame: Frame): void; onClose(close: SocketClose): void }): void;
  /** Resolves when the frame was handed to the network. */
  send(frame: Frame): Promise<void>;
  close(code: number, reason: string): void;
  /** Stops reading from the network until `resume`. */
  pause(): void;
  resume(): void;
}
