import { parentPort } from "node:worker_threads";
import { type ScaleJob, scaleImage } from "./scale-image.ts";

const port = parentPort;
port?.on("message", (job: ScaleJob) => {
  void scaleImage(job).then((scaled) => port.postMessage(scaled));
});
