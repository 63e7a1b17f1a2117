// The newest request of a kind for a document answers the older ones, also those that have not begun.
import { uriKey } from "../workspace/index.ts";
import { endEarly } from "./arrivals.ts";
import type { RequestArrival } from "./arrivals.ts";

export interface Supersession {
  arrived(arrival: RequestArrival): void;
  answered(arrival: RequestArrival): void;
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
  };
}
