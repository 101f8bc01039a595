// Brings the demos of a page to life.
//
// A demo is a figure with a picture of its chart, drawn when the book was built, with its controls,
// and with the same chart as data. When the figure comes near the reader's view, Vega (one file,
// loaded once) draws the chart in the picture's place. This script joins sliders, buttons, the
// page's address and the chart. All numbers come from the chart itself: nothing is computed here.
"use strict";

(() => {
  const here = document.currentScript.src;
  const secondsPerStep = 0.7;

  let loading = null;

  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(name, here).href;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${name} could not be loaded`));
      document.head.append(script);
    });
  }

  /** Load Vega once, however many demos ask for it. */
  async function loadVega() {
    loading ??= Promise.all([load("vega.js"), load("expressions.js")]);
    await loading;
    if (!window.vegaEmbed) throw new Error("vega.js did not run");
  }

  /** Have Vega draw a chart, with our way to evaluate its expressions or else with its own. */
  async function embed(place, spec, options) {
    const { expressions, Unknown } = window.gdbookExpressions;
    try {
      return await window.vegaEmbed(place, spec, { ...options, expr: expressions });
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      console.info(`Vega interprets this chart, for it uses “${error.message}”`);
      return window.vegaEmbed(place, spec, options);
    }
  }

  /** Write what has changed: a browser takes even the same text, written again, for a change. */
  function write(element, property, text) {
    if (element[property] !== text) element[property] = text;
  }

  class Demo {
    constructor(figure) {
      this.figure = figure;
      this.data = JSON.parse(figure.querySelector(".demo-data").textContent);
      this.chart = figure.querySelector(".demo-chart");
      this.status = figure.querySelector(".demo-status");
      this.note = figure.querySelector(".demo-note");
      this.sliders = [...figure.querySelectorAll(".demo-slider input")];
      this.readings = Object.fromEntries(
        this.sliders.map((slider) => [
          slider.name,
          slider.closest(".demo-slider").querySelector("output"),
        ]),
      );
      this.buttons = {};
      for (const button of figure.querySelectorAll("[data-action]")) {
        this.buttons[button.dataset.action] = button;
      }
      // What the reader may set: name, first value, and the slider's ends if it has one.
      this.inputs = this.data.wide.signals.filter((signal) => signal.bind);
      this.state = Object.fromEntries(this.inputs.map(({ name, value }) => [name, value]));
      this.timer = null;
      this.drawing = null;
      this.listen();
    }

    listen() {
      const actions = {
        step: () => this.go(this.state.steps + 1),
        back: () => this.go(this.state.steps - 1),
        run: () => (this.timer ? this.pause() : this.run()),
        reset: () => this.go(0),
        reveal: () => this.set({ reveal: !this.state.reveal }),
        link: () => this.copyLink(),
      };
      for (const [action, button] of Object.entries(this.buttons)) {
        button.addEventListener("click", actions[action]);
      }
      for (const slider of this.sliders) {
        slider.addEventListener("input", () => this.set({ [slider.name]: Number(slider.value) }));
      }
      for (const button of this.figure.querySelectorAll("[data-set]")) {
        const { set, value } = button.dataset;
        button.addEventListener("click", () => this.set({ [set]: Number(value) }));
      }
      // The reader may have moved a slider before this script came.
      const moved = this.sliders
        .map(({ name, valueAsNumber, step }) => [name, valueAsNumber, step / 2])
        .filter(([name, value, near]) => Math.abs(value - this.state[name]) > near);
      // The sentence has room that is fixed, so that a new one moves nothing; it grows at need.
      const room = this.status.parentElement;
      new ResizeObserver(([{ contentRect }]) => {
        room.style.height = `${contentRect.height}px`;
      }).observe(this.status);
      if (moved.length) this.set(Object.fromEntries(moved));
      else this.showState();
    }

    // --- the chart -------------------------------------------------------------------------

    /** The layout that the style sheet shows at this width. */
    get layout() {
      return [...this.chart.children].find((holder) => holder.offsetParent !== null)?.dataset.layout;
    }

    /** Make the chart live, once. */
    goLive() {
      this.drawing ??= this.begin().catch((error) => this.fail(error));
      return this.drawing;
    }

    async begin() {
      await loadVega();
      await this.draw();
      this.figure.dataset.state = "live";
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

    /** Draw the live chart over the picture, as the inputs are. */
    async draw() {
      const layout = this.layout ?? "wide";
      const holder = this.chart.querySelector(`[data-layout=${layout}]`);
      const place = document.createElement("div");
      const { view } = await embed(place, this.data[layout], {
        mode: "vega",
        renderer: "svg",
        bind: document.createElement("div"), // the page's own sliders stand in for Vega's
        actions: false,
        defaultStyle: false,
        hover: false,
        tooltip: false,
        ast: true, // expressions are interpreted: a strict policy forbids making code of them
      });
      await this.practise(view);
      for (const [name, value] of Object.entries(this.state)) view.signal(name, value);
      await view.runAsync();

      if (this.view) {
        this.view.finalize();
        this.holder.replaceChildren(...this.picture);
      }
      this.holder = holder;
      this.picture = [...holder.childNodes];
      holder.replaceChildren(place);
      this.view = view;
      this.figure.view = view;
      this.drawn = layout;
      for (const { name } of this.inputs) {
        view.addSignalListener(name, (_, value) => {
          if (this.state[name] === value) return; // it comes from here
          this.state[name] = value;
          this.showState();
        });
      }
      const say = () => { this.status.textContent = view.signal("status"); };
      view.addSignalListener("status", say);
      say();
      this.addDrag();
      this.keepUnchanged();
      // What the reader did while the chart was being drawn.
      for (const [name, value] of Object.entries(this.state)) view.signal(name, value);
      await view.runAsync();
      this.showState();
    }

    /** Move each slider to its ends, unseen: the first moves of a chart are its slowest. */
    async practise(view) {
      for (const { name, min, max } of this.sliders) {
        for (const end of [min, max]) await view.signal(name, Number(end)).runAsync();
      }
    }

    /**
     * Have the browser overlook what Vega writes anew at every change though it stays the same:
     * the frames of panels, the fonts of texts, the dashes of lines. Each such write would have
     * something laid out and painted again.
     */
    keepUnchanged() {
      const often = "clipPath, clipPath *, .background, .foreground, line, text";
      for (const element of this.holder.querySelectorAll(often)) {
        element.setAttribute = (name, value) => {
          if (element.getAttribute(name) !== String(value)) {
            Element.prototype.setAttribute.call(element, name, value);
          }
        };
      }
    }

    async relayout() {
      if (this.layout && this.layout !== this.drawn) await this.draw();
    }

    // --- the state: what the inputs are ----------------------------------------------------

    /** Set inputs as the reader asks, at once or as soon as the chart is live. */
    async set(values) {
      Object.assign(this.state, values);
      this.keepInAddress();
      if (this.view) {
        for (const [name, value] of Object.entries(values)) this.view.signal(name, value);
        await this.view.runAsync(); // the sliders say what has come of it, such as the verdict
      } else {
        this.goLive();
      }
      this.showState();
    }

    /** Bring sliders, readings and buttons in line with the state. */
    showState() {
      for (const slider of this.sliders) {
        const value = this.state[slider.name];
        slider.value = value;
        const reading = this.reading(slider, value);
        const verdict = this.data.scales[slider.name] && this.view?.signal("verdict");
        write(this.readings[slider.name], "textContent", reading);
        write(slider, "ariaValueText", verdict ? `${reading}, ${verdict}` : reading);
      }
      const { step, back, reset, reveal } = this.buttons;
      if (step) write(step, "ariaDisabled", String(this.state.steps >= this.lastStep));
      for (const button of [back, reset]) {
        if (button) write(button, "ariaDisabled", String(this.state.steps <= 0));
      }
      if (reveal) {
        write(reveal, "textContent", this.state.reveal ? "Hide the curve" : "Reveal the curve");
      }
    }

    /** Write a slider's value; between two of its grains it needs more digits than they have. */
    reading(slider, value) {
      const digits = Math.max(0, Math.ceil(-Math.log10(slider.step) - 1e-9));
      const rounded = value.toFixed(digits);
      const text = Number(rounded) === value ? rounded : value.toFixed(digits + 2);
      const landmark = this.data.scales[slider.name]?.landmarks.find(([, at]) => at === value);
      return (landmark ? `${landmark[0]} = ${text}` : text).replace("-", "\u2212");
    }

    // --- the address -----------------------------------------------------------------------

    /** The page's address with this demo's inputs, where they differ from how it began. */
    get link() {
      const changed = this.inputs.filter(({ name, value }) => this.state[name] !== value);
      const parts = changed.map(({ name }) => `${name}=${this.state[name]}`);
      if (this.figure.dataset.hide) parts.push(`hide=${this.figure.dataset.hide}`);
      const query = parts.join("&");
      return `#${this.figure.id}${query && "?"}${query}`;
    }

    keepInAddress() {
      clearTimeout(this.keeping);
      this.keeping = setTimeout(() => history.replaceState(history.state, "", this.link), 200);
    }

    async copyLink() {
      history.replaceState(history.state, "", this.link);
      try {
        await navigator.clipboard.writeText(location.href);
        this.note.textContent = "The link to this state is copied.";
      } catch {
        this.note.textContent = "The link to this state is in the address bar.";
      }
    }

    /** Take the state from a link; what can't be had is put right, and said. */
    follow(query) {
      delete this.figure.dataset.hide;
      const asked = { ...Object.fromEntries(this.inputs.map(({ name, value }) => [name, value])) };
      const notes = [];
      for (const [name, text] of new URLSearchParams(query)) {
        const input = this.inputs.find((signal) => signal.name === name);
        if (name === "hide" && ["buttons", "controls"].includes(text)) {
          this.figure.dataset.hide = text;
        } else if (!input) {
          notes.push(`this demo has no input \u201c${name}\u201d`);
        } else if (input.bind.input === "checkbox") {
          asked[name] = text === "true";
        } else {
          const { min, max, step } = input.bind;
          const number = text.trim() === "" ? NaN : Number(text);
          const whole = step === 1 ? Math.round(number) : number;
          const value = Math.min(Math.max(whole, min), max);
          if (Number.isNaN(value)) notes.push(`\u201c${text}\u201d is no number for ${input.bind.name}`);
          else asked[name] = value;
          if (value !== number && !Number.isNaN(value)) {
            notes.push(`${input.bind.name} ${text} became ${value}, the nearest that it can be`);
          }
        }
      }
      this.note.textContent = notes.length ? `About the link: ${notes.join("; ")}.` : "";
      this.data.autoplay = false;
      this.pause();
      // In a frame it is all there is, and the page around it is not ours to move.
      if (window === window.top) this.figure.scrollIntoView();
      this.set(asked);
    }

    // --- walking ---------------------------------------------------------------------------

    get lastStep() {
      return this.inputs.find(({ name }) => name === "steps")?.bind.max;
    }

    go(steps) {
      this.pause();
      return this.set({ steps: Math.min(Math.max(steps, 0), this.lastStep) });
    }

    /** Walk on by itself, from the start again if the walk had ended. */
    run() {
      if (this.state.steps >= this.lastStep) this.set({ steps: 0 });
      this.timer = setInterval(() => {
        if (this.state.steps < this.lastStep) this.set({ steps: this.state.steps + 1 });
        if (this.state.steps >= this.lastStep) this.pause();
      }, 1000 * secondsPerStep);
      this.buttons.run.textContent = "Pause";
    }

    pause() {
      clearInterval(this.timer);
      this.timer = null;
      if (this.buttons.run) this.buttons.run.textContent = "Run";
    }

    playWhenSeen() {
      const seen = new IntersectionObserver((entries) => {
        // A busy browser reports several changes at once; the last is how it is now.
        if (!entries.at(-1).isIntersecting) return;
        seen.disconnect();
        if (this.data.autoplay && this.state.steps === 0 && !this.timer) this.run();
      }, { threshold: 0.6 });
      seen.observe(this.chart);
    }

    // --- dragging --------------------------------------------------------------------------

    /** Let a mark be dragged along the x axis: it sets the same input as the slider. */
    addDrag() {
      const drag = this.data.drag?.[this.drawn];
      if (!drag) return;
      const { min, max, step } = this.inputs.find(({ name }) => name === drag.input).bind;
      const mark = this.holder.querySelector("[class*=handle]");
      // A finger on the mark drags it; anywhere else it scrolls the page. (A style can't say so:
      // Chromium overlooks `touch-action` on a mark that is not painted.)
      mark.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
      mark.addEventListener("pointerdown", (down) => {
        const svg = mark.closest("svg");
        const perPixel = (drag.per_pixel * svg.viewBox.baseVal.width) / svg.getBoundingClientRect().width;
        const from = this.state[drag.input];
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

  const demos = new Map();
  for (const figure of document.querySelectorAll("figure.demo")) {
    demos.set(figure.id, new Demo(figure));
  }

  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      demos.get(target.id).goLive();
    }
  }, { rootMargin: "200px 0px" });
  for (const { figure } of demos.values()) near.observe(figure);

  /** Go to the demo and the state that the address names. */
  function followAddress() {
    const [id, query] = decodeURIComponent(location.hash.slice(1)).split("?");
    if (query !== undefined) demos.get(id)?.follow(query);
  }
  window.addEventListener("hashchange", followAddress);
  followAddress();
})();
