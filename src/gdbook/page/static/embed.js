// Tells the page around an embedded demo how high it is, in the message that learning management
// systems know (LTI's `lti.frameResize`), whenever the height changes.
"use strict";

if (window.parent !== window) {
  const content = document.querySelector("main");
  new ResizeObserver(() => {
    const height = Math.ceil(content.getBoundingClientRect().bottom + scrollY);
    window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
  }).observe(content);
}
