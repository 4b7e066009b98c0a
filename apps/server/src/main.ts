// Nothing here reads it, and what is not there no input can reach.
Reflect.deleteProperty(Object.prototype, "__proto__");

const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2));
