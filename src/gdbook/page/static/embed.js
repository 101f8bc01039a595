// Tells the page around an embedded demo its height, in the message that learning management
// systems understand (LTI's `lti.frameResize`), whenever the height changes.
"use strict";

if (window.parent !== window) {
  const content = document.querySelector("main");
  new ResizeObserver(() => {
    const height = Math.ceil(content.getBoundingClientRect().bottom + scrollY);
    window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
  }).observe(content);
}
