// The newest request of a kind for a document answers the older ones, also those that have not begun; an edit may end it too.
import type { ContentChanges } from "../protocol/index.ts";
import { uriKey } from "../workspace/index.ts";
import { endEarly } from "./arrivals.ts";
import type { RequestArrival } from "./arrivals.ts";

export interface Supersession {
  arrived(arrival: RequestArrival): void;
  answered(arrival: RequestArrival): void;
  /** Called in the turn of the edit: requests that came after it have not begun. */
  edited(uri: string, changes: ContentChanges): void;
}

export function createSupersession(): Supersession {
  const newest = new Map<string, RequestArrival>();
  const keyOf = ({ work }: RequestArrival): string | undefined =>
    work?.route.supersedes === true ? `${work.route.method} ${uriKey(work.accepted.uri)}` : undefined;
  return {
    arrived(arrival) {
      const key = keyOf(arrival);
      if (key === undefined) return;
      const older = newest.get(key);
      newest.set(key, arrival);
      if (older !== undefined) endEarly(older, "superseded");
    },
    answered(arrival) {
      const key = keyOf(arrival);
      if (key !== undefined && newest.get(key) === arrival) newest.delete(key);
    },
    edited(uri, changes) {
      for (const arrival of newest.values()) {
        const accepted = arrival.work?.accepted;
        const hasBegun = arrival.onEarlyEnd !== undefined;
        if (!hasBegun || accepted === undefined || uriKey(accepted.uri) !== uriKey(uri)) continue;
        if (accepted.isOvertakenBy(changes)) endEarly(arrival, "overtaken");
      }
    },
  };
}
