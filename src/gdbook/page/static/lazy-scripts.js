// Loads the scripts of the theme (menus, search, copy buttons) when the demos in view are live, or
// earlier if the reader does anything: on a slow connection they would delay the demos.
"use strict";

{
  const sources = document.currentScript.dataset.sources.split(" ");
  const occasions = ["demos-settled", "pointerdown", "keydown", "focusin"];

  const load = () => {
    for (const occasion of occasions) document.removeEventListener(occasion, load, true);
    for (const source of sources.splice(0)) {
      const script = document.createElement("script");
      script.src = source;
      script.async = false; // they depend on each other, and run in order
      document.head.append(script);
    }
  };

  for (const occasion of occasions) document.addEventListener(occasion, load, true);
  // Without demos there is nothing to wait for; a demo whose script is missing never settles.
  if (!document.querySelector("figure.demo")) load();
  else window.addEventListener("load", () => setTimeout(load, 10_000));
}
