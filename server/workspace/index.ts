// workspace/: the open documents of one client. Mutations are synchronous; readers hold snapshots.
export type {
  DocumentChange,
  DocumentSnapshot,
  DocumentStore,
  OpenedDocument,
  WorkspaceFolder,
} from "./documents.ts";
