// Loads the scripts of the theme (menus, search, copy buttons) when the demos in view are live, or
// earlier if the reader does anything: on a slow connection they would delay the demos.
"use strict";

{
  const sources = document.currentScript.dataset.sources.split(" ");
  const occasions = ["demos-settled", "pointerdown", "keydown", "focusin"];

  const load = () => {
    for (const occasion of occasions) document.removeEventListener(occasion, load, true);
    let script;
    for (const source of sources.splice(0)) {
      script = document.createElement("script");
      script.src = source;
      script.async = false; // they depend on each other, and run in order
      document.head.append(script);
    }
    script?.addEventListener("load", repeat);
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
  if (!document.querySelector("figure.demo")) load();
  else window.addEventListener("load", () => setTimeout(load, 10_000));
}
