// Failures of the supplier as one sentence for people: what happened, where, what to do.
import type { SupplyFailure } from "../model-source.ts";

export function explainFailure(failure: SupplyFailure): string {
  switch (failure.kind) {
    case "offline":
      return `${failure.reason} Switch the offline setting off, or copy the file there by hand.`;
    case "no-space":
      return (
        `${failure.folder} has ${formatBytes(failure.freeBytes)} free and ${formatBytes(failure.neededBytes)} are needed: ` +
        `free some space and try again; what was fetched is kept.`
      );
    case "wrong-hash":
      return (
        `The file is not the one that was expected (SHA-256 ${failure.actual.slice(0, 16)}… instead of ` +
        `${failure.expected.slice(0, 16)}…) and is not used: fetch it again, or choose another model.`
      );
    case "unreachable":
      return `${failure.reason} Check the network and the proxy settings and try again; what was fetched is kept.`;
    case "missing-tool":
      return `${failure.tool} is needed and was not found: ${failure.remedy}`;
    case "invalid-file":
      return `The file is not a usable model: ${failure.reason} Remove it and fetch it again, or choose another model.`;
    case "consent-needed":
      return `This model comes under its own terms (${failure.licence}): ${failure.remedy}`;
    case "disk-failed":
      return `The disk refused: ${failure.reason}. Check the folder's owner and permissions, or set HEARTH_HOME to another folder.`;
    case "cancelled":
      return "The fetch was cancelled; what was fetched is kept and the next fetch goes on from there.";
    default:
      return failure satisfies never;
  }
}

/** Decimal units, as disks and downloads are labelled: 98.4 MB. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${units[unit] ?? ""}`;
}
