// Runs in the head of every page, before the first paint and before all other scripts: replaces
// blocked storage, chooses the colour theme, prepares the page for printing, and notices
// when the demos' script is missing.
"use strict";

{
  // With site data blocked, reading `localStorage` throws or gives null, and the scripts of Sphinx
  // and the theme, which use it unguarded, would stop. Replace it by one that lasts for this page.
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].setItem("gdbook-test", "");
      window[name].removeItem("gdbook-test");
    } catch {
      const items = new Map();
      const value = {
        getItem: (key) => items.get(String(key)) ?? null,
        setItem: (key, item) => { items.set(String(key), String(item)); },
        removeItem: (key) => { items.delete(String(key)); },
        clear: () => items.clear(),
      };
      Object.defineProperty(window, name, { value, configurable: true });
    }
  }

  const page = document.documentElement;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  // The system's forced palette is light or dark, and the charts must match it.
  const forced = matchMedia("(forced-colors: active)").matches;
  const saved = forced ? "auto" : localStorage.getItem("mode");
  page.dataset.mode = ["light", "dark"].includes(saved) ? saved : "auto";
  systemDark.onchange = () => {
    const { mode } = page.dataset;
    page.dataset.theme = mode !== "auto" ? mode : systemDark.matches ? "dark" : "light";
  };
  systemDark.onchange();

  // Print in light colours, with everything unfolded; restore the page afterwards.
  let screenTheme = null;
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    screenTheme ??= page.dataset.theme;
    page.dataset.theme = "light";
    unfolded = unfolded.concat([...document.querySelectorAll("details:not([open])")]);
    for (const details of unfolded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    if (screenTheme === null) return;
    page.dataset.theme = screenTheme;
    for (const details of unfolded) details.open = false;
    screenTheme = null;
    unfolded = [];
  });

  // Demos report their own failures, unless their script is missing or broken.
  window.addEventListener("error", ({ target, filename, message }) => {
    const source = target.src ?? filename ?? "";
    if (!source.endsWith("/demo.js")) return;
    for (const figure of document.querySelectorAll("figure.demo[data-state=static]")) {
      figure.dataset.state = "failed";
      figure.querySelector(".demo-panel").inert = true;
      figure.querySelector(".demo-status").textContent =
        `This chart couldn’t be made interactive (${message ?? "demo.js could not be loaded"}); ` +
        "the picture shows how it starts. Reload the page to try again.";
    }
  }, true);
}
