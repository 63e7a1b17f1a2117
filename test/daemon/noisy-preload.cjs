// Loaded before a daemon's own code: writes to descriptors 1 and 2 as native code does, past every stream of Node, and aborts
// as a failed assertion in native code does when it is told to.
const { writeSync, existsSync } = require("node:fs");
if (process.argv.includes("daemon")) {
  const shout = () => {
    writeSync(1, "llama_model_loader: noise on descriptor 1\n");
    writeSync(2, "ggml: noise on descriptor 2\n");
    process.stdout.write("noise by the stream\n");
    console.log("noise by the console");
    const trigger = process.env.TEST_ABORT_FILE;
    if (trigger !== undefined && existsSync(trigger)) {
      require("node:fs").unlinkSync(trigger);
      writeSync(1, "GGML_ASSERT failed\n");
      process.abort();
    }
  };
  shout();
  setInterval(shout, 5).unref();
}
