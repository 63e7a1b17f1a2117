// The machine-readable protocol (LSP 3.18) as lookups by method: direction, types, capability paths.
import { readFileSync } from "node:fs";

export type MetaType =
  | { readonly kind: "base"; readonly name: string }
  | { readonly kind: "reference"; readonly name: string }
  | { readonly kind: "array"; readonly element: MetaType }
  | { readonly kind: "map"; readonly key: MetaType; readonly value: MetaType }
  | { readonly kind: "or" | "and" | "tuple"; readonly items: readonly MetaType[] }
  | { readonly kind: "stringLiteral"; readonly value: string }
  | { readonly kind: "literal"; readonly value: { readonly properties: readonly MetaProperty[] } };

export interface MetaProperty {
  readonly name: string;
  readonly type: MetaType;
  readonly optional?: boolean;
}

export interface MetaStructure {
  readonly name: string;
  readonly properties: readonly MetaProperty[];
  readonly extends?: readonly MetaType[];
  readonly mixins?: readonly MetaType[];
}

interface MetaEnumeration {
  readonly name: string;
  readonly type: { readonly name: string };
  readonly values: readonly { readonly name: string; readonly value: string | number }[];
  readonly supportsCustomValues?: boolean;
}

interface MetaMethod {
  readonly method: string;
  readonly isRequest: boolean;
  readonly messageDirection: "clientToServer" | "serverToClient" | "both";
  readonly params?: MetaType;
  readonly result?: MetaType;
  readonly errorData?: MetaType;
  readonly partialResult?: MetaType;
  readonly registrationOptions?: MetaType;
  /** The method under which this one is registered, when it is not its own. */
  readonly registrationMethod?: string;
  readonly clientCapability?: string;
  readonly serverCapability?: string;
}

interface MetaModel {
  readonly methods: ReadonlyMap<string, MetaMethod>;
  readonly structures: ReadonlyMap<string, MetaStructure>;
  readonly enumerations: ReadonlyMap<string, MetaEnumeration>;
  readonly aliases: ReadonlyMap<string, MetaType>;
}

interface MetaFile {
  readonly requests: readonly Omit<MetaMethod, "isRequest">[];
  readonly notifications: readonly Omit<MetaMethod, "isRequest">[];
  readonly structures: readonly MetaStructure[];
  readonly enumerations: readonly MetaEnumeration[];
  readonly typeAliases: readonly { readonly name: string; readonly type: MetaType }[];
}

function loadMetaModel(): MetaModel {
  const file = new URL("../data/metaModel.json", import.meta.url);
  const parsed = JSON.parse(readFileSync(file, "utf8")) as MetaFile;
  const methods = new Map<string, MetaMethod>();
  for (const request of parsed.requests) methods.set(request.method, { ...request, isRequest: true });
  for (const note of parsed.notifications) methods.set(note.method, { ...note, isRequest: false });
  return {
    methods,
    structures: new Map(parsed.structures.map((entry) => [entry.name, entry])),
    enumerations: new Map(parsed.enumerations.map((entry) => [entry.name, entry])),
    aliases: new Map(parsed.typeAliases.map((entry) => [entry.name, entry.type])),
  };
}

/** Read once per process: the file has 300 kB and never changes while tests run. */
export const metaModel: MetaModel = loadMetaModel();
