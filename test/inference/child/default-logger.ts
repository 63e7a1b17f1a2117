// The danger itself: the library with its own logger, loading a model.
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const llama = await getLlama({ build: "never", gpu: false, maxThreads: 1, logLevel: LlamaLogLevel.info });
await llama.loadModel({ modelPath: process.argv[2] ?? "" });
await llama.dispose();
