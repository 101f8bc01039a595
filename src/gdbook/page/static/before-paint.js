// Settles before anything is drawn: the page's colours, as the reader chose, else as the system
// says, and how much of the page is waited for.
"use strict";

{
  const page = document.documentElement;
  const mode = localStorage.getItem("mode") || "auto";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  page.dataset.mode = mode;
  page.dataset.theme = mode === "auto" ? system : mode;

  // Who comes for a place further down isn't shown the top of the page first: a browser goes there
  // when it has read the page to its end.
  const { end } = document.currentScript.dataset;
  if (end && location.hash) {
    const wait = document.createElement("link");
    wait.rel = "expect";
    wait.href = `#${end}`;
    wait.setAttribute("blocking", "render");
    document.head.append(wait);
  }

  // Paper is white: a printed page is light whatever the screen is.
  let onScreen = null;
  window.addEventListener("beforeprint", () => {
    onScreen = page.dataset.theme;
    page.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => { page.dataset.theme = onScreen; });
}
