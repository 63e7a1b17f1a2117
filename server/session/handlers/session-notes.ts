// initialized, $/setTrace, window/workDoneProgress/cancel: small notes about the session itself.
import { cancelProgressParams, noParams, setTraceParams } from "../../protocol/index.ts";
import { mutation } from "../route.ts";
import type { NotificationRoute } from "../route.ts";

/** The client is ready for requests of ours: settings are asked for, the model is made ready, messages are shown. */
export const initialized: NotificationRoute = mutation({
  method: "initialized",
  capability: () => undefined,
  params: noParams,
  apply(state) {
    state.onInitialized();
  },
});

export const setTrace: NotificationRoute = mutation({
  method: "$/setTrace",
  capability: () => undefined,
  params: setTraceParams,
  apply(state, { value }) {
    state.setTrace(value);
  },
});

export const cancelProgress: NotificationRoute = mutation({
  method: "window/workDoneProgress/cancel",
  capability: () => undefined,
  params: cancelProgressParams,
  apply(state, { token }) {
    state.modelProgress.cancel(token);
  },
});
