// Asks once whether the model hub answers: one short HEAD request, remembered for a while.
import type { Clock, Downloads } from "../../platform/index.ts";
import { createWatchdog } from "./http-request.ts";
import { hubBase } from "./model-uri.ts";

interface HubProbe {
  /** False when it does not answer in time, and always when the offline setting is on; any answer at all is a yes. */
  isReachable(signal: AbortSignal): Promise<boolean>;
}

const TIMEOUT_MS = 3_000;
const TRUST_YES_MS = 10 * 60_000;
/** A laptop that just woke up gets its network within this time. */
const TRUST_NO_MS = 60_000;

export function createHubProbe(deps: {
  readonly downloads: Downloads;
  readonly clock: Clock;
  readonly settings: () => { readonly isOffline: boolean; readonly hubEndpoint: string | undefined };
}): HubProbe {
  const { downloads, clock } = deps;
  let known: { readonly base: string; readonly isReachable: boolean; readonly untilMs: number } | undefined;

  async function ask(base: string, signal: AbortSignal): Promise<boolean> {
    const watchdog = createWatchdog(clock, signal, TIMEOUT_MS);
    try {
      const response = await downloads.send({
        method: "HEAD",
        url: base,
        headers: { "user-agent": "hearth" },
        signal: watchdog.signal,
      });
      response.discard();
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      return false;
    } finally {
      watchdog.dispose();
    }
  }

  return {
    async isReachable(signal) {
      const { isOffline, hubEndpoint } = deps.settings();
      const base = hubBase(hubEndpoint);
      if (isOffline || !base.ok) return false;
      const isKnown = known !== undefined && known.base === base.value && clock.nowMs() < known.untilMs;
      if (!isKnown || known === undefined) {
        const isReachable = await ask(base.value, signal);
        const untilMs = clock.nowMs() + (isReachable ? TRUST_YES_MS : TRUST_NO_MS);
        known = { base: base.value, isReachable, untilMs };
      }
      return known.isReachable;
    },
  };
}
