// wire/: bytes on a stream to frames and back. Pure; knows nothing of what the frames say.
export { createFrameDecoder, encodeFrame, MAX_BODY_BYTES } from "./frames.ts";
export type { FrameDecoder, FrameEvent } from "./frames.ts";
