import { ChainsError } from "@truss-chains/errors";

/** Loads an official cloud client, which is installed only by those who use that cloud. */
export async function optionalClient<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new ChainsError(
      "WEIGHTS_CLIENT_MISSING",
      `This source needs the package ${name}, which is not installed.`,
      {
        fix: `Run \`npm install ${name}\`.`,
        cause,
      },
    );
  }
}
