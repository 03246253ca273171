import { createServer } from "node:net";
import { ChainsError } from "@truss-chains/errors";

/** @throws ChainsError `PORT_IN_USE`. */
export async function assertPortFree(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (thrown: NodeJS.ErrnoException) => reject(refused(port, thrown)));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  });
}

function refused(port: number, thrown: NodeJS.ErrnoException): ChainsError {
  if (thrown.code === "EADDRINUSE") {
    return new ChainsError("PORT_IN_USE", `Port ${port} is in use by another process.`, {
      fix: "End that process, or choose another port with --port.",
      cause: thrown,
    });
  }
  return new ChainsError("PORT_IN_USE", `Port ${port} cannot be used: ${thrown.message}`, {
    fix: "Choose another port with --port.",
    cause: thrown,
  });
}
