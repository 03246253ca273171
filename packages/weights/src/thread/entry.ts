import { parentPort, workerData } from "node:worker_threads";
import { serveThread } from "./serve.ts";

serveThread(workerData.role, parentPort!);
