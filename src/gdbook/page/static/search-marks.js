// Marks the words of the last search on the page that it led to. Sphinx's own function would also
// mark the sidebars, the charts and their data, and its link to hide the marks holds a script, which
// the content security policy forbids. Loads before `sphinx_highlight.js`, which finds no words then.
"use strict";

{
  const words = (localStorage.getItem("sphinx_highlight_terms") ?? "").split(/\s+/).filter(Boolean);
  localStorage.removeItem("sphinx_highlight_terms");

  const markWords = () => {
    for (const block of document.querySelectorAll(".bd-article section > :not(section)")) {
      if (block.querySelector("figure.demo")) continue;
      for (const word of words) _highlightText(block, word, "highlighted");
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Hide search matches";
    button.addEventListener("click", () => SphinxHighlight.hideSearchWords());
    const line = document.createElement("p");
    line.className = "highlight-link"; // hidden together with the marks, also by Escape
    line.append(button);
    document.getElementById("searchbox")?.append(line);
  };

  // The function that marks a word is Sphinx's.
  if (words.length) window.addEventListener("load", markWords);
}
