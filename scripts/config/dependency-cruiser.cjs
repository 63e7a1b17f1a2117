// Import rules: levels, doors, the home of each library, and process and IO only in their rooms.
const { rooms, libraries, effectfulNode, effectfulRooms } = require("./rooms.cjs");

const names = Object.keys(rooms);
const alternatives = (list) => `(${list.join("|")})`;

const levelRules = names.map((room) => ({
  name: `level-of-${room}`,
  comment: `${room}/ is on level ${rooms[room]}: it imports rooms of lower levels only.`,
  severity: "error",
  from: { path: `^server/${room}/` },
  to: {
    path: `^server/${alternatives(names.filter((other) => other !== room && rooms[other] >= rooms[room]))}/`,
    // The command line starts the daemon's processes: both are on level 8 and cli/ is the outermost.
    ...(room === "cli" ? { pathNot: "^server/daemon/index.ts$" } : {}),
  },
}));

const libraryRules = Object.entries(libraries).map(([library, homes]) => ({
  name: `home-of-${library.replace(/[^a-z-]/g, "")}`,
  comment: `${library} is imported only in ${homes.join(", ")}.`,
  severity: "error",
  from: { path: "^server/", pathNot: `^server/${alternatives(homes)}/` },
  to: { path: `^node_modules/${library}(/|$)` },
}));

module.exports = {
  forbidden: [
    ...levelRules,
    ...libraryRules,
    {
      name: "through-the-door",
      comment: "A room is entered through its index.ts.",
      severity: "error",
      from: { path: "^server/([^/]+)/" },
      to: { path: "^server/([^/]+)/.+", pathNot: ["^server/$1/", "^server/[^/]+/index\\.ts$"] },
    },
    {
      name: "features-do-not-import-each-other",
      severity: "error",
      from: { path: "^server/features/([^/]+)/" },
      to: { path: "^server/features/([^/]+)/", pathNot: "^server/features/$1/" },
    },
    {
      name: "effects-behind-doors",
      comment: "process and effectful node:* modules only in platform/, daemon/ and cli/.",
      severity: "error",
      from: { path: "^server/", pathNot: `^server/${alternatives(effectfulRooms)}/` },
      to: { dependencyTypes: ["core"], path: `^(node:)?${alternatives(effectfulNode)}$` },
    },
    { name: "no-circles", severity: "error", from: { path: "^server/" }, to: { circular: true } },
    {
      name: "server-stands-alone",
      severity: "error",
      from: { path: "^server/" },
      to: { path: "^(test|scripts)/" },
    },
    { name: "resolvable", severity: "error", from: { path: "^server/" }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
