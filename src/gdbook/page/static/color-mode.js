// Sets the page's colours before anything is drawn: as the reader chose, else as the system says.
// Paper is white: a printed page is light whatever the screen is.
"use strict";

{
  const page = document.documentElement;
  for (const name of ["mode", "theme"]) page.dataset[name] = localStorage.getItem(name) || "auto";

  let onScreen = null;
  window.addEventListener("beforeprint", () => {
    onScreen = page.dataset.theme;
    page.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => { page.dataset.theme = onScreen; });
}
