/** A value that JSON can hold (https://www.rfc-editor.org/rfc/rfc8259). */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** JSON text in pieces, so that large ones need not be copied to put something around them. */
export type JsonParts = readonly (string | Buffer)[];

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
