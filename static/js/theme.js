// Runs before the page is painted: the theme chosen here, else that of the system.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = () => {
    root.dataset.bsTheme = stored() || (system.matches ? "dark" : "light");
    document.dispatchEvent(new CustomEvent("entente:theme"));
  };
  apply();
  system.addEventListener("change", apply);
  window.addEventListener("storage", (event) => { if (event.key === "theme") apply(); });
})();
