// Marks the words of a search on the page that it led to. Replaces Sphinx's own function, which also
// marks the sidebars, the charts and their data, and whose link to hide the marks holds a script,
// which the content security policy forbids. Loads before `sphinx_highlight.js`, which therefore
// finds no words, but has the functions that are used here.
"use strict";

{
  // The search page leaves the words for the page that is opened next.
  const searching = document.querySelector(".bd-search-container");
  const stored = searching ? null : localStorage.getItem("sphinx_highlight_terms");
  const words = (stored ?? "").split(/\s+/).filter(Boolean);
  if (words.length) localStorage.removeItem("sphinx_highlight_terms");

  const mark = () => {
    for (const block of document.querySelectorAll(".bd-article section > :not(section)")) {
      if (block.matches("figure.demo") || block.querySelector("figure.demo")) continue;
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

  const sphinx = document.querySelector("script[src*=sphinx_highlight]");
  if (words.length) sphinx.addEventListener("load", mark);
}
