// Loads the scripts of the theme (search, menus, copying code) once the page has been painted:
// none of them changes what is seen first, and together they would hold it up.
"use strict";

(() => {
  const sources = document.currentScript.dataset.sources.split(" ");
  requestAnimationFrame(() => {
    setTimeout(() => {
      for (const source of sources) {
        const script = document.createElement("script");
        script.src = source;
        script.async = false; // they rest on each other, and run in order
        document.head.append(script);
      }
    });
  });
})();
