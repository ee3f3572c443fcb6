// Keyboard in a grid as the ARIA practices have it: one cell in the order of Tab, arrow keys move among the others.
// Without this, each cell is a plain link.
function start(grid) {
  const rows = [...grid.rows].map((row) => [...row.cells].map((cell) => cell.querySelector("a")).filter((_, at) => at > 0)).slice(1);
  const every = rows.flat().filter(Boolean);
  if (!every.length) return;
  const make = (link) => {
    for (const other of every) other.tabIndex = -1;
    link.tabIndex = 0;
  };
  make(every[0]);
  const place = (link) => {
    const y = rows.findIndex((row) => row.includes(link));
    return [y, rows[y].indexOf(link)];
  };
  // The next cell in a direction that holds something; cells without a link are passed over.
  const next = (y, x, dy, dx) => {
    for (y += dy, x += dx; rows[y] && x >= 0 && x < rows[y].length; y += dy, x += dx) if (rows[y][x]) return rows[y][x];
    return null;
  };
  grid.addEventListener("focusin", (event) => { if (every.includes(event.target)) make(event.target); });
  grid.addEventListener("keydown", (event) => {
    const link = event.target.closest("a");
    if (!every.includes(link)) return;
    const [y, x] = place(link);
    const last = rows.length - 1;
    const steps = {
      ArrowRight: () => next(y, x, 0, 1), ArrowLeft: () => next(y, x, 0, -1),
      ArrowDown: () => next(y, x, 1, 0), ArrowUp: () => next(y, x, -1, 0),
      Home: () => (event.ctrlKey ? every[0] : next(y, -1, 0, 1)),
      End: () => (event.ctrlKey ? every.at(-1) : next(y, rows[y].length, 0, -1)),
      PageDown: () => next(Math.min(y + 9, last - 1), x, 1, 0) ?? next(last + 1, x, -1, 0),
      PageUp: () => next(Math.max(y - 9, 1), x, -1, 0) ?? next(-1, x, 1, 0),
    };
    const to = steps[event.key]?.();
    if (!steps[event.key]) return;
    event.preventDefault();
    to?.focus();
  });
}

for (const grid of document.querySelectorAll("[data-grid]")) start(grid);

// The chosen cell is marked, and its articles get the focus once they are there.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "flow") return;
  for (const cell of document.querySelectorAll(".flow-cell.is-chosen")) cell.classList.remove("is-chosen");
  event.detail.requestConfig?.elt?.closest(".flow-cell")?.classList.add("is-chosen");
  event.target.focus({ preventScroll: matchMedia("(min-width: 75rem)").matches });
});
