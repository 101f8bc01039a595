// Marks the words of a search on the page that it led to. Replaces Sphinx's own function, which also
// marks the sidebars, the charts and their data, and whose link to hide the marks holds a script,
// which the content security policy forbids. Loads after `sphinx_highlight.js`.
"use strict";

SphinxHighlight.highlightSearchWords = () => {
  const words = (localStorage.getItem("sphinx_highlight_terms") ?? "").split(/\s+/).filter(Boolean);
  localStorage.removeItem("sphinx_highlight_terms");
  if (!words.length) return;

  for (const block of document.querySelectorAll(".bd-article section > :not(section)")) {
    if (block.querySelector("figure.demo")) continue;
    for (const word of words) _highlightText(block, word, "highlighted");
  }

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Hide search matches";
  button.addEventListener("click", () => SphinxHighlight.hideSearchWords());
  const line = document.createElement("p");
  line.className = "highlight-link"; // Sphinx removes it together with the marks, also on Escape
  line.append(button);
  document.getElementById("searchbox")?.append(line);
};
