import type { Entry } from '../api/entry';

/** Characters of a preview: more than a row shows. */
const maxLength = 240;
const previews = new WeakMap<Entry['properties'], string>();

/** Properties on one line, such as `page: home, position: {x: 1, y: 2}`, cut off where no row would show more. */
export function previewOf(properties: Entry['properties']): string {
  let preview = previews.get(properties);
  if (preview === undefined) {
    preview = fieldsOf(properties, maxLength).replace(directions, escapeOf);
    previews.set(properties, preview);
  }
  return preview;
}

/** Characters that turn the direction of what follows them, such as U+202E: they would mix up the fields of a line. */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function fieldsOf(object: object, room: number): string {
  let text = '';
  for (const [key, value] of Object.entries(object)) {
    if (text.length > room) return `${text}, …`;
    text += `${text && ', '}${key}: ${valueOf(value, room - text.length)}`;
  }
  return text;
}

function valueOf(value: unknown, room: number): string {
  if (typeof value === 'string') return value.length > room ? `${value.slice(0, Math.max(0, room))}…` : value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (!Array.isArray(value)) return `{${fieldsOf(value, room)}}`;
  let text = '';
  for (const item of value) {
    if (text.length > room) return `[${text}, …]`;
    text += `${text && ', '}${valueOf(item, room - text.length)}`;
  }
  return `[${text}]`;
}
