/**
 * Scrolls a list to its end, by a screen less a row at a time, and returns what its rows have in an attribute, in the
 * order in which they came into view. The list ends with a row that matches `end`, or when nothing in it matches
 * `more`. A row that did not follow the last one of the screen before is an error.
 */
async ({ scroller, row, attribute, end, more }) => {
  const element = document.querySelector(scroller);
  const seen = [];
  for (;;) {
    const rows = await readRows();
    const values = rows.flatMap((item) => item.getAttribute(attribute) ?? []);
    const last = values.indexOf(seen.at(-1));
    if (seen.length > 0 && last === -1) throw new Error(`rows after ${seen.length} were never in view`);
    seen.push(...values.slice(last + 1));
    if (end ? rows.some((item) => item.matches(end)) : isAtEnd()) return seen;
    element.scrollTop += room() - 2 * rows.at(-1).getBoundingClientRect().height;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }

  function room() {
    return element.getBoundingClientRect().bottom - topOf();
  }

  /** The names of the columns stay at the top. */
  function topOf() {
    const header = element.querySelector('[role="columnheader"]');
    return header ? header.parentElement.getBoundingClientRect().bottom : element.getBoundingClientRect().top;
  }

  function isAtEnd() {
    if (more && element.querySelector(more)) return false;
    return element.scrollTop + element.clientHeight >= element.scrollHeight - 1;
  }

  /** A list draws its rows some frames after it was scrolled; the row that has the focus is drawn wherever it is. */
  function fills(rows, bottom) {
    if (rows.length === 0) return false;
    const boxes = rows.map((item) => item.getBoundingClientRect());
    if (boxes.some((box, at) => at > 0 && box.top - boxes[at - 1].bottom > 1)) return false;
    const isLast = end ? rows.at(-1).matches(end) : isAtEnd();
    return isLast || boxes.at(-1).bottom >= bottom - 1;
  }

  async function readRows() {
    for (;;) {
      const top = topOf();
      const { bottom } = element.getBoundingClientRect();
      const rows = [...element.querySelectorAll(row)]
        .map((item) => ({ item, box: item.getBoundingClientRect() }))
        .filter(({ box }) => box.bottom > top + 1 && box.top < bottom - 1)
        .sort((a, b) => a.box.top - b.box.top)
        .map(({ item }) => item);
      if (fills(rows, bottom) && rows.every((item) => item.getAttribute('role') !== 'presentation'))
        return rows;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }
};
