// session/: one client from its first byte to its last. Exactly one answer to each request, whatever happens.
export { openSession } from "./open-session.ts";
export type { ByteStream, OpenSession, Session, SessionDeps, SessionStatus } from "./session.ts";
