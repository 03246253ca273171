import { ChainsError } from "@truss-chains/errors";

/** Seconds that importing a source may take, unless told otherwise. */
export const IMPORT_SEC = 60;

/** @throws ChainsError `SOURCE_THROWS` when importing the source takes longer. */
export async function inTime<T>(importing: Promise<T>, source: string, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(neverFinished(source, `did not finish within ${seconds} seconds`)),
      seconds * 1000,
    );
    // What is waited for keeps the process alive, or never comes.
    timer.unref();
  });
  try {
    return await Promise.race([importing, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function neverFinished(source: string, what: string): ChainsError {
  return new ChainsError("SOURCE_THROWS", `Importing ${source} ${what}.`, {
    fix: "Look for a top-level await that never resolves; move slow work into a constructor.",
    location: { file: source },
  });
}
