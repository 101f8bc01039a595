// Loads the demos' script after the first paint, which it doesn't change, and the scripts of the
// theme (menus, search, copy buttons) when the demos in view are live, or earlier if the reader does
// anything: on a slow connection they would delay the demos.
"use strict";

{
  const { demo } = document.currentScript.dataset;
  const sources = document.currentScript.dataset.sources.split(" ");

  const append = (source) => {
    const script = document.createElement("script");
    script.src = source;
    script.async = false; // they depend on each other, and run in order
    document.head.append(script);
    return script;
  };

  if (demo) {
    let started = false;
    const start = () => {
      if (!started) append(demo);
      started = true;
    };
    new PerformanceObserver(start).observe({ type: "paint", buffered: true });
    // Firefox reports no paint of a page that is loaded again.
    window.addEventListener("load", () => setTimeout(start, 500));
  }

  const occasions = ["demos-settled", "pointerdown", "keydown", "focusin"];

  const load = () => {
    for (const occasion of occasions) document.removeEventListener(occasion, load, true);
    sources.splice(0).map(append).at(-1)?.addEventListener("load", repeat);
  };

  // An action that needs these scripts before they are loaded: a click on one of the theme's
  // buttons, or Ctrl+K. It is repeated once they are.
  const missed = [];
  const types = ["click", "keydown"];
  const keep = (event) => {
    const button = event.type === "click" && event.target.closest("button");
    const shortcut = event.key?.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (shortcut) event.preventDefault();
    if (shortcut || (button && !button.closest("figure.demo"))) missed.push(event);
  };
  const repeat = () => {
    for (const type of types) document.removeEventListener(type, keep, true);
    for (const event of missed) event.target.dispatchEvent(new event.constructor(event.type, event));
  };
  for (const type of types) document.addEventListener(type, keep, true);

  for (const occasion of occasions) document.addEventListener(occasion, load, true);
  // Without demos there is nothing to wait for; a demo whose script is missing never settles.
  if (!demo) load();
  else window.addEventListener("load", () => setTimeout(load, 10_000));
}
