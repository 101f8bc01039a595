// Loads the scripts (the demos', and those of the theme: search, menus, copying code) once the page
// has been painted: none of them changes what is seen first, and together they would hold it up.
"use strict";

(() => {
  let sources = document.currentScript.dataset.sources.split(" ");

  function load() {
    for (const source of sources) {
      const script = document.createElement("script");
      script.src = source;
      script.async = false; // they rest on each other, and run in order
      document.head.append(script);
    }
    sources = []; // once
  }

  new PerformanceObserver(load).observe({ type: "paint", buffered: true });
  // Not every browser tells of every paint: Firefox is silent about a page that is loaded again.
  window.addEventListener("load", () => setTimeout(load, 500));
})();
