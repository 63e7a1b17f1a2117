// Validators compiled from the meta model: our own converter to JSON Schema 2020-12, one schema strict on unknown fields, one lenient.
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { metaModel } from "./meta-model.ts";
import type { MetaProperty, MetaStructure, MetaType } from "./meta-model.ts";

type Schema = Readonly<Record<string, unknown>>;

/** `strict`: what a server sends must be known to the last field. `lenient`: clients may say more than the protocol knows. */
type Strictness = "strict" | "lenient";

interface SchemaFault {
  /** One sentence naming the place and what was expected there. */
  readonly sentence: string;
  /** True when the shape itself is wrong (a field missing, another type), not just a value out of its set. */
  readonly isShape: boolean;
}

/** Undefined when `value` fits `type`. */
export function findFault(
  value: unknown,
  type: MetaType,
  strictness: Strictness = "strict",
): SchemaFault | undefined {
  const validate = validatorOf(type, strictness);
  if (validate(value)) return undefined;
  const errors = validate.errors ?? [];
  const deepest = pickTelling(errors);
  const place = deepest?.instancePath ?? "";
  const detail = deepest === undefined ? "does not fit" : describe(deepest);
  return {
    sentence: `${place === "" ? "the value" : place} ${detail}`,
    isShape: errors.some((error) => error.keyword === "type" || error.keyword === "required"),
  };
}

function describe(error: ErrorObject): string {
  const extra = error.params["additionalProperty"];
  if (typeof extra === "string") return `has a field that the protocol does not know: ${extra}`;
  const allowed = error.params["allowedValues"];
  if (Array.isArray(allowed)) return `must be one of ${JSON.stringify(allowed).slice(0, 120)}`;
  return error.message ?? error.keyword;
}

/** Of the errors of all branches, the one deepest in the value; an unknown field tells more than a failed branch. */
function pickTelling(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const depth = (error: ErrorObject): number =>
    error.instancePath.split("/").length * 2 + (error.keyword === "additionalProperties" ? 1 : 0);
  return errors
    .filter((error) => error.keyword !== "anyOf")
    .reduce<ErrorObject | undefined>(
      (best, error) => (best === undefined || depth(error) > depth(best) ? error : best),
      undefined,
    );
}

const engines = new Map<
  Strictness,
  { readonly ajv: Ajv2020; readonly known: Map<MetaType | string, ValidateFunction> }
>();

function validatorOf(type: MetaType, strictness: Strictness): ValidateFunction {
  let engine = engines.get(strictness);
  if (engine === undefined) {
    const ajv = new Ajv2020({ allErrors: false, strict: false, validateFormats: false });
    ajv.addSchema({ $id: "lsp", $defs: definitions(strictness) });
    engine = { ajv, known: new Map() };
    engines.set(strictness, engine);
  }
  // Callers make references as they go; one validator per name serves them all.
  const key = type.kind === "reference" ? type.name : type;
  let validate = engine.known.get(key);
  if (validate === undefined) {
    validate = engine.ajv.compile(absolute(convert(type, strictness)));
    engine.known.set(key, validate);
  }
  return validate;
}

/** Local references of a converted type, pointed at the shared definitions. */
function absolute(schema: unknown): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"lsp#/')) as Schema;
}

function definitions(strictness: Strictness): Schema {
  const all: Record<string, Schema> = {};
  for (const structure of metaModel.structures.values()) {
    all[structure.name] = objectOf(propertiesOf(structure), strictness);
  }
  for (const entry of metaModel.enumerations.values()) {
    all[entry.name] =
      entry.supportsCustomValues === true
        ? baseOf(entry.type.name)
        : { enum: entry.values.map((value) => value.value) };
  }
  for (const [name, type] of metaModel.aliases) all[name] = convert(type, strictness);
  all["LSPAny"] = {};
  all["LSPObject"] = { type: "object" };
  all["LSPArray"] = { type: "array" };
  return all;
}

function propertiesOf(structure: MetaStructure): readonly MetaProperty[] {
  const found = new Map<string, MetaProperty>();
  for (const parent of [...(structure.extends ?? []), ...(structure.mixins ?? [])]) {
    if (parent.kind !== "reference") continue;
    const known = metaModel.structures.get(parent.name);
    if (known === undefined) continue;
    for (const property of propertiesOf(known)) found.set(property.name, property);
  }
  for (const property of structure.properties) found.set(property.name, property);
  return [...found.values()];
}

function objectOf(properties: readonly MetaProperty[], strictness: Strictness): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(properties.map((entry) => [entry.name, convert(entry.type, strictness)])),
    required: properties.filter((entry) => entry.optional !== true).map((entry) => entry.name),
    ...(strictness === "strict" ? { additionalProperties: false } : {}),
  };
}

function convert(type: MetaType, strictness: Strictness): Schema {
  switch (type.kind) {
    case "base":
      return baseOf(type.name);
    case "reference":
      return { $ref: `#/$defs/${type.name}` };
    case "array":
      return { type: "array", items: convert(type.element, strictness) };
    case "map":
      return { type: "object", additionalProperties: convert(type.value, strictness) };
    case "or":
      return { anyOf: type.items.map((item) => convert(item, strictness)) };
    case "and":
      return objectOf(
        type.items.flatMap((item) => {
          const known = item.kind === "reference" ? metaModel.structures.get(item.name) : undefined;
          return known === undefined ? [] : [...propertiesOf(known)];
        }),
        strictness,
      );
    case "tuple":
      return {
        type: "array",
        prefixItems: type.items.map((item) => convert(item, strictness)),
        minItems: type.items.length,
        maxItems: type.items.length,
      };
    case "stringLiteral":
      return { const: type.value };
    case "literal":
      return objectOf(type.value.properties, strictness);
  }
}

function baseOf(name: string): Schema {
  switch (name) {
    case "integer":
      return { type: "integer", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
    case "uinteger":
      return { type: "integer", minimum: 0, maximum: 2 ** 31 - 1 };
    case "decimal":
      return { type: "number" };
    case "boolean":
      return { type: "boolean" };
    case "null":
      return { type: "null" };
    default:
      // string, URI, DocumentUri, RegExp
      return { type: "string" };
  }
}
