/** Characters of an id that stay where it is cut off: ids of sessions often differ at the end only. */
const idEnd = 8;

/** An id that is cut off in the middle where it does not fit. */
export function IdText({ id }: { id: string }) {
  if (id.length <= 2 * idEnd) return id;
  return (
    <span className="id-text">
      <span>{id.slice(0, -idEnd)}</span>
      <span>{id.slice(-idEnd)}</span>
    </span>
  );
}
