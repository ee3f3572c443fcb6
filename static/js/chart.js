// A chart drawn from the table beside it, so that both always say the same. See components/chart.html.
import { script } from "./basemap.js";

const SERIES = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"];

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function number(cell) {
  const value = Number.parseFloat((cell.dataset.value ?? cell.textContent).replaceAll(/[^\d.-]/g, ""));
  return Number.isFinite(value) ? value : null;
}

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  // A column may stand in the table alone.
  const drawn = heads.filter((head, index) => index && !("undrawn" in head.dataset));
  return {
    labels: rows.map((row) => (row.cells[0].dataset.value ?? row.cells[0].textContent).trim()),
    series: drawn.map((head) => ({ label: head.textContent.trim(), data: rows.map((row) => number(row.cells[head.cellIndex])) })),
  };
}

// Series of different units stand on axes of their own: the first on the left, the second on the right.
function secondAxis(labels, base) {
  const title = (text) => ({ display: true, text, color: token("--ink-soft") });
  return { y: { ...base.y, title: title(labels[0]) }, y1: { ...base.y, position: "right", grid: { display: false }, title: title(labels[1]) } };
}

function options(kind, unit, several, apart) {
  const [ink, line] = [token("--ink-soft"), token("--line")];
  const axis = { stacked: kind === "stacked", grid: { color: line }, border: { color: line }, ticks: { color: ink, precision: 0 } };
  const scales = {
    x: { ...axis, grid: { display: false } },
    y: { ...axis, beginAtZero: true, title: { display: Boolean(unit), text: unit, color: ink } },
  };
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    font: { family: "IBM Plex Sans" },
    interaction: { mode: "index", intersect: false },
    plugins: { legend: { display: several, labels: { color: token("--ink"), boxWidth: 12, boxHeight: 12 } } },
    scales: apart ? { ...scales, ...secondAxis(apart, scales) } : scales,
  };
}

function draw(figure) {
  const { labels, series } = read(figure.querySelector("table"));
  const kind = figure.dataset.chart;
  const apart = "apart" in figure.dataset && series.length === 2 ? series.map((each) => each.label) : null;
  const datasets = series.map((each, index) => {
    const colour = token(SERIES[index % SERIES.length]);
    return { ...each, yAxisID: apart && index ? "y1" : "y", backgroundColor: colour, borderColor: colour, borderWidth: kind === "line" ? 2.5 : 0, borderRadius: 2, maxBarThickness: 38, pointRadius: 3, tension: 0 };
  });
  figure.chart?.destroy();
  figure.chart = new Chart(figure.querySelector("canvas"), {
    type: kind === "line" ? "line" : "bar",
    data: { labels, datasets },
    options: options(kind, figure.dataset.unit, datasets.length > 1, apart),
  });
  figure.dataset.drawn = "1";
}

export async function start(within = document) {
  await script("chart/chart.umd.min.js");
  Chart.defaults.font.family = "IBM Plex Sans, system-ui, sans-serif";
  const figures = [...within.querySelectorAll("[data-chart]")];
  figures.forEach(draw);
  document.addEventListener("entente:theme", () => figures.forEach(draw));
}
