/** A value that JSON can hold (https://www.rfc-editor.org/rfc/rfc8259). */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** JSON text in parts, which saves copying large parts to join them. */
export type JsonParts = readonly (string | Buffer)[];

/** Whether a value is an object, and neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
