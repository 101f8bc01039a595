// Injected into each page before its own scripts: records when the chart is first painted, when its
// slider works, and how long after a move of the slider the chart has changed and been painted.
//
// "Painted" means right after the browser has styled, laid out and painted a frame, which is when a
// message posted in an animation frame arrives.
"use strict";

(() => {
  const bench = { firstPaint: null, live: null };
  window.bench = bench;

  // The contents of a canvas can't be queried, so count drawing operations.
  let drawn = 0, drawnAt = 0;
  for (const method of ["stroke", "fill", "fillRect", "fillText", "drawImage"]) {
    const original = CanvasRenderingContext2D.prototype[method];
    CanvasRenderingContext2D.prototype[method] = function (...given) {
      drawn += 1;
      drawnAt = performance.now();
      return original.apply(this, given);
    };
  }

  /** In each frame call `before` before painting and `after` after it, until `after` returns true. */
  function eachFrame(before, after) {
    requestAnimationFrame(() => {
      const noted = before();
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        if (!after(noted, performance.now())) eachFrame(before, after);
      };
      channel.port2.postMessage(0);
    });
  }

  /** Whether the chart is in the page. (The window is tall enough to show it.) */
  function isThere() {
    if (bench.onCanvas) return drawn > 50;
    return [...document.querySelectorAll(bench.chart)].some((mark) => {
      const { width, height } = mark.getBoundingClientRect();
      return width + height > 0;
    });
  }

  /** Record when the current frame is on the screen, with the element timing of an added letter. */
  function noteScreen() {
    const letter = document.createElement("p");
    letter.textContent = "·";
    letter.style.cssText = "position: fixed; top: 0; left: 0; margin: 0";
    letter.setAttribute("elementtiming", "chart");
    new PerformanceObserver((list) => {
      bench.firstPaint = list.getEntries()[0].renderTime;
      letter.remove();
    }).observe({ type: "element" });
    document.body.append(letter);
  }

  bench.watch = ({ chart, onCanvas, live }) => {
    Object.assign(bench, { chart, onCanvas });
    let came = false;
    eachFrame(
      () => {
        if (!came && isThere()) {
          came = true;
          noteScreen();
        }
        return Boolean(live());
      },
      (lives, now) => {
        if (lives) bench.live ??= now;
        return bench.firstPaint && bench.live;
      },
    );
  };

  /** Move the slider in an animation frame; measure the time to the last change and to its paint. */
  bench.move = (root, move) =>
    new Promise((resolve, reject) => {
      let changedAt = 0, start = null, seen = 0, painted = null;
      const observer = new MutationObserver(() => { changedAt = performance.now(); });
      observer.observe(document.querySelector(root), {
        subtree: true, childList: true, attributes: true, characterData: true,
      });
      eachFrame(
        () => {
          if (start !== null) return;
          start = performance.now();
          move();
        },
        (_, now) => {
          const changed = Math.max(changedAt, drawnAt);
          if (changed > Math.max(seen, start)) painted = now;
          seen = changed;
          if (now - (painted ?? start) < (painted ? 150 : 3000)) return false;
          observer.disconnect();
          if (painted) resolve([seen - start, painted - start]);
          else reject(new Error("the move changed nothing that is drawn"));
          return true;
        },
      );
    });
})();
