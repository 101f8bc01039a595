// Improves what Sphinx's search shows below each result, and what it says when there is none.
// Loads after `searchtools.js` and before the index.
"use strict";

{
  const unreadable = ".headerlink, script, style, figure.demo, .cell";
  const blocks = "h1, h2, h3, p, li, dt, dd, td, th, pre, summary";

  /** Take the text of a page, or of a place in it, from which the search cuts its excerpt. */
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const article = page.querySelector("article.bd-article");
    let place = (anchor && article?.querySelector(anchor)) || article;
    if (!place) return "";
    // A word of the glossary is explained by the next definition, an index entry by its section.
    if (place.matches("dt")) place = place.parentElement.querySelector(`${anchor} ~ dd`) ?? place;
    if (!place.textContent.trim()) place = place.closest("section");
    for (const element of place.querySelectorAll(unreadable)) element.remove();
    for (const element of place.querySelectorAll(blocks)) element.append(" ");
    return place.textContent.replace(/\s+/g, " ").trim();
  };

  // Pages opened from a folder can't read each other.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  Documentation.TRANSLATIONS[
    "Your search did not match any documents. Please make sure that all words are spelled " +
      "correctly and that you've selected enough categories."
  ] = "Nothing was found. Is every word spelled correctly? Fewer words find more.";
}
