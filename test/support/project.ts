import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** A user's project in a directory of its own, removed when the test ends. */
export interface Project {
  readonly root: string;
  path(...parts: string[]): string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

/** @param files by path; `truss-chains` and `zod` are installed. */
export async function makeProject(files: Readonly<Record<string, string>>): Promise<Project> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "chains-test-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const project: Project = {
    root,
    path: (...parts) => join(root, ...parts),
    async write(more) {
      for (const [path, text] of Object.entries(more)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
    },
  };
  await mkdir(join(root, "node_modules", "@truss-chains"), { recursive: true });
  for (const name of ["truss-chains", "zod", "@truss-chains/errors"]) {
    await symlink(join(REPOSITORY, "node_modules", name), join(root, "node_modules", name));
  }
  await project.write(files);
  return project;
}

/** The imports that most chains start with. */
export const IMPORTS = `import {
  Assets, Chainlet, ChainletBase, ChainletOptions, Compute, CustomImage, DockerImage, DockerServerChainlet,
  EngineBuilderLLMChainlet, HealthChecks, ModelRepo, RemoteConfig, Transport, TrussChainlet, WeightsSource,
  context, depends, endpoint, markEntrypoint, resolver,
} from "truss-chains";
import type { DeploymentContext, LazyDataResolver, Remote, RequestContext } from "truss-chains";
import { z } from "zod";
`;
