// The theme's two drawers on a narrow screen: close one when a link in it has been chosen, and
// return the focus to the button that opened it.
"use strict";

for (const dialog of document.querySelectorAll("dialog[id$=sidebar-modal]")) {
  window.addEventListener("hashchange", () => dialog.close());

  const side = dialog.id.match(/primary|secondary/)[0];
  dialog.addEventListener("close", () => {
    // After the theme's handlers, which move the focus from one hidden element to another.
    setTimeout(() => document.querySelector(`.${side}-toggle`)?.focus());
  });
}
