// workspace/: the open documents of one client. Mutations are synchronous; readers hold snapshots.
export { createDocumentStore } from "./document-store.ts";
export type { DocumentStoreDeps } from "./document-store.ts";
export { defaultSizeLimits } from "./size-limits.ts";
export type { SizeLimits } from "./size-limits.ts";
export { displayPathOf, filePathOf, uriKey } from "./uris.ts";
export type {
  DocumentChange,
  DocumentSnapshot,
  DocumentStore,
  OpenedDocument,
  WorkspaceFolder,
} from "./documents.ts";
