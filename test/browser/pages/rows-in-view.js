/** The ids of the rows of a grid that are in view, wholly or in part, once all of them are read. */
async ({ key }) => {
  const grid = document.querySelector('[role="grid"]');
  for (;;) {
    const top = grid.querySelector('[role="columnheader"]').parentElement.getBoundingClientRect().bottom;
    const { bottom } = grid.getBoundingClientRect();
    const rows = [...grid.querySelectorAll('.table-body > *')].filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > top + 1 && box.top < bottom - 1;
    });
    const isRead = rows.length > 0 && rows.every((row) => row.getAttribute('role') === 'row');
    if (isRead) return rows.flatMap((row) => row.dataset[key] ?? []);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
};
