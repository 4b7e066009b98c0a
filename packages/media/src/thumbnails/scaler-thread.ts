import { parentPort } from "node:worker_threads";
import { type ScaleJob, scaleImage } from "./scale-image.ts";

const port = parentPort;
port?.on("message", async (job: ScaleJob) => port.postMessage(await scaleImage(job)));
