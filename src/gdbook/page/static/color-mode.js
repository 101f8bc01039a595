// Sets the page's colours before anything is drawn: as the reader chose, else as the system says.
// Paper is white: a printed page is light whatever the screen is.
"use strict";

{
  const page = document.documentElement;
  const mode = localStorage.getItem("mode") || "auto";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  page.dataset.mode = mode;
  page.dataset.theme = mode === "auto" ? system : mode;

  let onScreen = null;
  window.addEventListener("beforeprint", () => {
    onScreen = page.dataset.theme;
    page.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => { page.dataset.theme = onScreen; });
}
