// Sets the page's colours before anything is drawn: as the reader chose, else as the system says.
"use strict";

for (const name of ["mode", "theme"]) {
  document.documentElement.dataset[name] = localStorage.getItem(name) || "auto";
}
