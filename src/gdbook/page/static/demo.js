// Brings the demos of a page to life.
//
// A demo is a figure with a picture of its chart, drawn when the book was built, and the same
// chart as data. When the figure comes near the reader's view, Vega (one file, loaded once) draws
// the chart in the picture's place. This script adds what Vega has no word for: buttons, dragging
// a mark, regimes below a slider, and the sentence that says the state. All numbers come from the
// chart itself: nothing is computed here.
"use strict";

(() => {
  const here = document.currentScript.src;
  const secondsPerStep = 0.7;

  let loading = null;

  /** Load Vega once, however many demos ask for it. */
  function loadVega() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("vega.js", here).href;
      script.onload = () =>
        window.vegaEmbed ? resolve(window.vegaEmbed) : reject(new Error("vega.js did not run"));
      script.onerror = () => reject(new Error("vega.js could not be loaded"));
      document.head.append(script);
    });
    return loading;
  }

  const labels = { step: "Step", back: "Back", run: "Run", reset: "Reset", reveal: "Reveal the curve" };

  class Demo {
    constructor(figure) {
      this.figure = figure;
      this.data = JSON.parse(figure.querySelector(".demo-data").textContent);
      this.chart = figure.querySelector(".demo-chart");
      this.controls = figure.querySelector(".demo-controls");
      this.status = figure.querySelector(".demo-status");
      this.buttons = {};
      this.timer = null;
      this.drawing = Promise.resolve();
    }

    /** The layout that the style sheet shows at this width. */
    get layout() {
      return [...this.chart.children].find((holder) => holder.offsetParent !== null)?.dataset.layout;
    }

    async goLive() {
      try {
        this.embed = await loadVega();
        this.addButtons();
        await this.draw();
        this.figure.dataset.state = "live";
      } catch (error) {
        this.fail(error);
        return;
      }
      new ResizeObserver(() => {
        this.drawing = this.drawing.then(() => this.relayout()).catch((error) => this.fail(error));
      }).observe(this.chart);
      if (this.data.autoplay && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
        this.playWhenSeen();
      }
    }

    fail(error) {
      console.warn(`Demo ${this.data.name}: ${error.message}`);
      this.pause();
      this.figure.dataset.state = "failed";
      this.status.textContent =
        `This chart could not come alive (${error.message}); the picture shows how it begins. ` +
        "Reload the page to try again.";
    }

    /** Draw the live chart over the picture; the inputs keep the values that they have. */
    async draw() {
      const layout = this.layout ?? "wide";
      const inputs = this.view ? this.inputValues() : {};
      const holder = this.chart.querySelector(`[data-layout=${layout}]`);
      const place = document.createElement("div");
      const controls = document.createElement("div");
      const spec = this.data[layout];
      const { view } = await this.embed(place, spec, {
        mode: "vega",
        renderer: "svg",
        bind: controls,
        actions: false,
        defaultStyle: false,
        hover: false,
        tooltip: false,
        ast: true, // expressions are interpreted: a strict policy forbids making code of them
      });
      for (const [name, value] of Object.entries(inputs)) view.signal(name, value);
      await view.runAsync();

      if (this.view) {
        this.view.finalize();
        this.pictureHolder.replaceChildren(...this.picture);
      }
      this.pictureHolder = holder;
      this.picture = [...holder.childNodes];
      holder.replaceChildren(place);
      this.controls.replaceChildren(...controls.children);
      this.view = view;
      this.figure.view = view;
      this.drawn = layout;

      this.spec = spec;
      this.addReadings();
      this.addDrag();
      if (spec.signals.some((signal) => signal.name === "status")) {
        const say = () => { this.status.textContent = view.signal("status"); };
        view.addSignalListener("status", say);
        say();
      }
      if (this.buttons.step) view.addSignalListener("steps", () => this.showSteps());
      if (this.buttons.reveal) view.addSignalListener("reveal", () => this.showReveal());
      this.showSteps();
      this.showReveal();
    }

    async relayout() {
      if (this.layout && this.layout !== this.drawn) await this.draw();
    }

    get boundSignals() {
      return this.spec.signals.filter((signal) => signal.bind);
    }

    inputValues() {
      const values = this.boundSignals.map(({ name }) => [name, this.view.signal(name)]);
      return Object.fromEntries(values);
    }

    /** Set inputs, and have the chart drawn with them. */
    set(values) {
      for (const [name, value] of Object.entries(values)) this.view.signal(name, value);
      return this.view.runAsync();
    }

    // --- sliders ---------------------------------------------------------------------------

    /** Show each slider's value, and below its track what its values mean. */
    addReadings() {
      for (const { name, bind } of this.boundSignals) {
        const input = this.controls.querySelector(`input[name="${name}"]`);
        const row = input.closest(".vega-bind");
        row.dataset.input = name;
        if (bind.input !== "range") continue;
        const reading = document.createElement("output");
        row.append(reading);
        const scale = this.data.scales[name];
        const digits = Math.max(0, Math.ceil(-Math.log10(bind.step) - 1e-9));
        const show = () => {
          const value = this.view.signal(name);
          const landmark = scale?.landmarks.find(([, at]) => at === value);
          // Between two grains, the reading needs more digits than the slider has.
          const rounded = value.toFixed(digits);
          const text = Number(rounded) === value ? rounded : value.toFixed(digits + 2);
          reading.textContent = landmark ? `${landmark[0]} = ${text}` : text.replace("-", "\u2212");
          input.setAttribute("aria-valuetext", reading.textContent);
        };
        this.view.addSignalListener(name, show);
        show();
        if (scale) this.addScale(row, input, name, bind, scale);
      }
    }

    addScale(row, input, name, bind, { bands, landmarks }) {
      const fraction = (value) => (value - bind.min) / (bind.max - bind.min);
      // The middle of the thumb travels one thumb's width less than the track is long.
      const along = (value) => `calc(var(--gd-thumb) / 2 + ${fraction(value)} * (100% - var(--gd-thumb)))`;
      const stops = bands.map(([, from, to], i) => {
        const begin = i === 0 ? "0%" : along(from);
        const end = i === bands.length - 1 ? "100%" : along(to);
        return `var(--gd-band-${i + 1}) ${begin} ${end}`;
      });
      input.style.setProperty("--gd-track", `linear-gradient(to right, ${stops.join(", ")})`);
      const scale = document.createElement("div");
      scale.className = "demo-scale";
      for (const [label, value] of landmarks) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.dataset.set = name;
        button.setAttribute("aria-label", `Set ${bind.name} to ${label}`);
        button.style.left = along(value);
        button.addEventListener("click", () => this.set({ [name]: value }));
        scale.append(button);
      }
      bands.forEach(([label, from, to], i) => {
        const band = document.createElement("span");
        band.textContent = label;
        if (i === bands.length - 1) band.style.right = "0";
        else if (i === 0) band.style.left = "0";
        else {
          band.style.left = along((from + to) / 2);
          band.style.transform = "translateX(-50%)";
        }
        scale.append(band);
      });
      row.append(scale);
    }

    // --- buttons ---------------------------------------------------------------------------

    get lastStep() {
      return this.spec.signals.find((signal) => signal.name === "steps").bind.max;
    }

    get steps() {
      return this.view.signal("steps");
    }

    addButtons() {
      const actions = {
        step: () => this.go(this.steps + 1),
        back: () => this.go(this.steps - 1),
        run: () => (this.timer ? this.pause() : this.run()),
        reset: () => this.go(0),
        reveal: () => this.set({ reveal: !this.view.signal("reveal") }),
      };
      const bar = this.figure.querySelector(".demo-buttons");
      for (const action of this.data.buttons) {
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.action = action;
        button.textContent = labels[action];
        button.addEventListener("click", actions[action]);
        bar.append(button);
        this.buttons[action] = button;
      }
    }

    go(steps) {
      this.pause();
      return this.set({ steps: Math.min(Math.max(steps, 0), this.lastStep) });
    }

    /** Walk on by itself, from the start again if the walk had ended. */
    run() {
      if (this.steps >= this.lastStep) this.set({ steps: 0 });
      this.timer = setInterval(() => {
        if (this.steps < this.lastStep) this.set({ steps: this.steps + 1 });
        if (this.steps >= this.lastStep) this.pause();
      }, 1000 * secondsPerStep);
      this.buttons.run.textContent = "Pause";
    }

    pause() {
      clearInterval(this.timer);
      this.timer = null;
      if (this.buttons.run) this.buttons.run.textContent = labels.run;
    }

    playWhenSeen() {
      const seen = new IntersectionObserver(([entry]) => {
        if (!entry.isIntersecting) return;
        seen.disconnect();
        if (this.steps === 0 && !this.timer) this.run();
      }, { threshold: 0.6 });
      seen.observe(this.chart);
    }

    /** Dim the buttons that would do nothing; they stay in reach of the keyboard. */
    showSteps() {
      if (!this.buttons.step) return;
      this.buttons.step.setAttribute("aria-disabled", this.steps >= this.lastStep);
      this.buttons.back.setAttribute("aria-disabled", this.steps <= 0);
      this.buttons.reset.setAttribute("aria-disabled", this.steps <= 0);
    }

    showReveal() {
      if (!this.buttons.reveal) return;
      const shown = this.view.signal("reveal");
      this.buttons.reveal.textContent = shown ? "Hide the curve" : labels.reveal;
    }

    // --- dragging --------------------------------------------------------------------------

    /** Let a mark be dragged along the x axis: it sets the same input as the slider. */
    addDrag() {
      const drag = this.data.drag?.[this.drawn];
      if (!drag) return;
      const { min, max, step } = this.boundSignals.find(({ name }) => name === drag.input).bind;
      const mark = this.pictureHolder.querySelector("[class*=handle]");
      mark.addEventListener("pointerdown", (down) => {
        const svg = mark.closest("svg");
        const perPixel = (drag.per_pixel * svg.viewBox.baseVal.width) / svg.getBoundingClientRect().width;
        const from = this.view.signal(drag.input);
        const move = (event) => {
          const value = from + (event.clientX - down.clientX) * perPixel;
          const grains = Math.round((Math.min(Math.max(value, min), max) - min) / step);
          // As the slider would write it: without the dust of binary fractions.
          this.set({ [drag.input]: Number((min + grains * step).toPrecision(12)) });
        };
        const stop = () => {
          window.removeEventListener("pointermove", move);
          window.removeEventListener("pointerup", stop);
          window.removeEventListener("pointercancel", stop);
        };
        down.preventDefault();
        window.addEventListener("pointermove", move);
        window.addEventListener("pointerup", stop);
        window.addEventListener("pointercancel", stop);
      });
    }
  }

  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      new Demo(target).goLive();
    }
  }, { rootMargin: "200px 0px" });
  for (const figure of document.querySelectorAll("figure.demo")) near.observe(figure);
})();
