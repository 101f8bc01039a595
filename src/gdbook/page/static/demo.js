// Makes the demos of a page live.
//
// A demo is a figure with a picture of its chart, drawn when the book was built, with its controls,
// and with the same chart as data. When the figure comes near the viewport, Vega (one file, loaded
// once) draws the live chart in place of the picture. This script connects sliders, buttons, the
// page's address and the chart. All numbers come from the chart itself: nothing is computed here.
"use strict";

(() => {
  const here = document.currentScript.src;
  const secondsPerStep = 0.7;
  /** How long a reader must pause before the sentence is announced to screen readers. */
  const pauseBeforeAnnouncing = 600;
  /** Browsers limit how often a page may change its address: write it when the reader pauses. */
  const pauseBeforeAddress = 200;

  /** The timer that will write the address, and the demo that the reader moved last. */
  let writing = null;
  let lastMoved = null;

  // --- loading Vega ------------------------------------------------------------------------

  let loading = null;

  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(name, here).href;
      script.onload = resolve;
      script.onerror = () => {
        script.remove();
        reject(new Error(`${name} could not be loaded`));
      };
      document.head.append(script);
    });
  }

  /** Load Vega once, however many demos ask for it; after a failure, a later call tries again. */
  async function loadVega() {
    loading ??= (async () => {
      const missing = [["gdbookVega", "vega.js"], ["gdbookInterpreter", "interpreter.js"]];
      await Promise.all(missing.filter(([global]) => !window[global]).map(([, name]) => load(name)));
      for (const [global, name] of missing) {
        if (!window[global]) throw new Error(`${name} did not run`);
      }
    })();
    try {
      await loading;
    } catch (error) {
      loading = null;
      throw error;
    }
  }

  /** Make a Vega view with our evaluation of expressions, or with Vega's own if ours can't. */
  function makeView(spec) {
    const { View, parse, expressionInterpreter } = window.gdbookVega;
    const { interpreter, Unknown } = window.gdbookInterpreter;
    // `ast`: expressions are interpreted, because a strict policy forbids compiling them to code.
    const runtime = parse(spec, {}, { ast: true });
    try {
      return new View(runtime, { renderer: "svg", expr: interpreter });
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      console.info(`Vega interprets this chart, because it uses “${error.message}”`);
      return new View(runtime, { renderer: "svg", expr: expressionInterpreter });
    }
  }

  // --- small helpers -----------------------------------------------------------------------

  /** Set a property only if it differs: browsers treat an equal text as a change, too. */
  function write(element, property, text) {
    if (element[property] !== text) element[property] = text;
  }

  /** Return the power of ten of a number's first digit. */
  function exponentOf(value) {
    return Number(value.toExponential().split("e")[1]);
  }

  /** Write a slider's value, in as many digits as its step needs; `reading` in demos.py does it, too. */
  function reading(value, { min, max, step }) {
    const largest = Math.max(Math.abs(min), Math.abs(max));
    let text;
    if ((largest >= 0.001 && largest < 10000) || step === 1) {
      const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
      text = value.toFixed(digits);
      if (Number(text) !== value) text = value.toFixed(digits + 2); // between two positions
    } else if (value === 0) {
      text = "0";
    } else {
      const digits = Math.max(0, exponentOf(value) - exponentOf(step));
      text = value.toExponential(digits);
      if (Number(text) !== value) text = value.toExponential(digits + 2);
      text = text.replace("e+", "e");
    }
    return text.replace(/^-/, "\u2212");
  }

  /** Shorten a quotation from a link, so that a note stays readable. */
  function shorten(text) {
    return text.length > 40 ? `${text.slice(0, 40)}\u2026` : text;
  }

  function quote(text) {
    return `\u201c${shorten(text)}\u201d`;
  }

  /** Decode a part of an address; one that is not valid is taken as it is. */
  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  /** The value of a radio button or a checkbox. */
  function valueOf(choice) {
    return choice.type === "radio" ? choice.value : choice.checked;
  }

  // --- a demo ------------------------------------------------------------------------------

  class Demo {
    constructor(figure) {
      this.figure = figure;
      this.text = figure.querySelector(".demo-data").textContent;
      const { name, inputs, scales, drags, presets, labels, autoplay } = JSON.parse(this.text);
      Object.assign(this, { name, inputs, scales, drags, presets, labels, autoplay });
      this.chart = figure.querySelector(".demo-chart");
      this.panels = figure.querySelectorAll(".demo-panel, .demo-presets");
      this.status = figure.querySelector(".demo-status");
      this.note = figure.querySelector(".demo-note");
      this.sliders = [...figure.querySelectorAll(".demo-slider input")];
      this.readings = Object.fromEntries(
        this.sliders.map((slider) => [
          slider.name,
          slider.closest(".demo-slider").querySelector("output"),
        ]),
      );
      this.choices = [...figure.querySelectorAll("[data-input]")]; // radio buttons, checkboxes
      this.presetButtons = [...figure.querySelectorAll("[data-preset]")];
      this.buttons = {};
      for (const button of figure.querySelectorAll("[data-action]")) {
        this.buttons[button.dataset.action] = button;
      }
      this.state = { ...this.initial };
      this.sentence = this.status.textContent;
      this.inView = true;
      this.listen();
    }

    /** The initial values of the inputs. */
    get initial() {
      return Object.fromEntries(this.inputs.map(({ name, value }) => [name, value]));
    }

    /** The inputs that differ from their initial values. */
    get changed() {
      return this.inputs.filter(({ name, value }) => this.state[name] !== value);
    }

    input(name) {
      return this.inputs.find((input) => input.name === name);
    }

    listen() {
      const actions = {
        step: () => this.go(this.state.steps + 1),
        back: () => this.go(this.state.steps - 1),
        run: () => (this.timer ? this.pause() : this.run()),
        reset: () => this.reset(),
        reveal: () => this.setByReader({ reveal: !this.state.reveal }),
        link: () => this.copyLink(),
      };
      for (const [action, button] of Object.entries(this.buttons)) {
        button.addEventListener("click", actions[action]);
      }
      for (const slider of this.sliders) this.listenTo(slider);
      for (const choice of this.choices) {
        choice.addEventListener("change", () => {
          this.setByReader({ [choice.dataset.input]: valueOf(choice) });
        });
      }
      for (const [i, button] of this.presetButtons.entries()) {
        button.addEventListener("click", () => {
          this.pause();
          const { inputs, also } = this.presets[i];
          this.setByReader({ ...inputs, ...also });
        });
      }
      for (const button of this.figure.querySelectorAll("[data-set]")) {
        const { set, value } = button.dataset;
        button.addEventListener("click", () => this.setByReader({ [set]: Number(value) }));
      }
      // A live demo's sentence is laid out apart from the page, in room of a fixed height (see
      // demo.css); the room grows with the sentence.
      const room = this.status.parentElement;
      new ResizeObserver(([{ contentRect }]) => {
        room.style.height = `${contentRect.height}px`;
      }).observe(this.status);
      new IntersectionObserver((entries) => {
        this.inView = entries.at(-1).isIntersecting;
      }).observe(this.figure);
      // The reader may have moved a slider or chosen something before this script was loaded.
      const moved = [
        ...this.sliders
          .filter(({ name, valueAsNumber, step }) => {
            return Math.abs(valueAsNumber - this.state[name]) > step / 2;
          })
          .map(({ name, valueAsNumber }) => [name, valueAsNumber]),
        ...this.choices
          .filter(({ type, checked }) => type === "checkbox" || checked)
          .map((choice) => [choice.dataset.input, valueOf(choice)])
          .filter(([name, value]) => value !== this.state[name]),
      ];
      if (moved.length) {
        this.setByReader(Object.fromEntries(moved));
      } else {
        this.showState();
      }
    }

    /** Set an input by its slider. A finger that scrolls the page must not move it. */
    listenTo(slider) {
      const { name } = slider;
      let touch = null; // a touch that may become a scroll
      slider.addEventListener("pointerdown", ({ pointerType, clientX }) => {
        if (pointerType === "touch") touch = { clientX };
      });
      slider.addEventListener("pointermove", ({ clientX }) => {
        if (touch && Math.abs(clientX - touch.clientX) > 6) settle(slider.valueAsNumber);
      });
      slider.addEventListener("pointerup", () => {
        if (touch) settle(slider.valueAsNumber);
      });
      slider.addEventListener("pointercancel", () => {
        touch = null;
        this.showState(); // the browser has moved the thumb to where the finger went down
      });
      slider.addEventListener("input", () => {
        if (!touch) this.setByReader({ [name]: slider.valueAsNumber });
      });
      const settle = (value) => {
        touch = null;
        if (value !== this.state[name]) this.setByReader({ [name]: value });
      };
    }

    // --- the chart -------------------------------------------------------------------------

    /** The layout that the style sheet shows at this width. */
    get layout() {
      return [...this.chart.children].find((holder) => holder.offsetParent !== null)?.dataset.layout;
    }

    /** Make the chart live, once; after a failure, try again. */
    goLive() {
      this.drawing ??= this.begin().catch((error) => this.fail(error));
      return this.drawing;
    }

    async begin() {
      await loadVega();
      await this.draw();
      const failed = this.figure.dataset.state === "failed";
      this.figure.dataset.state = "live";
      for (const panel of this.panels) panel.inert = false;
      if (failed) this.showState();
      this.resizes ??= new ResizeObserver(() => {
        this.drawing = this.drawing.then(() => this.relayout()).catch((error) => this.fail(error));
      });
      this.resizes.observe(this.chart);
      if (this.runWhenLive) this.run();
      else if (this.autoplay && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
        this.playWhenSeen();
      }
    }

    /** Say why the chart isn't live, and try again when the reader asks or the network returns. */
    fail(error) {
      console.warn(`Demo ${this.name}: ${error.message}`);
      this.pause();
      this.drawing = null;
      this.figure.dataset.state = "failed";
      for (const panel of this.panels) panel.inert = true;
      this.showState();
      clearTimeout(this.announcing);
      this.sentence = null;
      this.status.ariaLive = "polite";
      this.status.textContent =
        `This chart couldn’t be made interactive (${error.message}); the picture shows how it starts. ` +
        "Reload the page or ";
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = "try again";
      this.status.append(again);
      const retry = () => {
        this.figure.removeEventListener("click", retry);
        window.removeEventListener("online", retry);
        this.status.textContent = "Loading the chart\u2026";
        this.goLive();
      };
      this.figure.addEventListener("click", retry);
      window.addEventListener("online", retry);
    }

    /** The chart in a layout, as Vega's specification: data and signals may be shared by both. */
    spec(layout) {
      const { shared, layouts } = JSON.parse(this.text); // parsed anew, for Vega marks its data
      const spec = layouts[layout];
      for (const key of ["data", "signals"]) {
        spec[key] = spec[key].map((item) => (typeof item === "number" ? shared[key][item] : item));
      }
      return spec;
    }

    /** Draw the live chart in place of the picture, with the inputs as they are. */
    async draw() {
      const layout = this.layout ?? "wide";
      const holder = this.chart.querySelector(`[data-layout=${layout}]`);
      const place = document.createElement("div");
      const view = makeView(this.spec(layout)).initialize(place);
      await view.runAsync(); // the first run fixes the size: it must be in the state of the picture
      await this.warmUp(view);
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
      this.chart.dataset.drawn = layout; // print shows the layout that is live
      for (const { name } of this.inputs) {
        view.addSignalListener(name, (_, value) => {
          if (this.state[name] === value) return; // it comes from here
          this.take(name, value);
        });
      }
      this.remember(view);
      view.addSignalListener("status", (_, sentence) => this.say(sentence));
      this.say(view.signal("status"));
      this.addDrag();
      this.skipUnchanged();
      // The reader may have set more while the chart was being drawn.
      for (const [name, value] of Object.entries(this.state)) view.signal(name, value);
      await view.runAsync();
      this.showState();
    }

    /**
     * Update the remembered smallest and largest values whenever the signals change. The chart takes
     * the current value into account itself, so it need not be drawn again.
     */
    remember(view) {
      for (const { name, of, keep } of this.inputs) {
        if (keep !== "min" && keep !== "max") continue;
        const update = () => {
          const before = this.state[name];
          const value = Math[keep](before, view.signal(of));
          if (value === before) return;
          this.state[name] = value;
          view.signal(name, value);
        };
        view.addSignalListener(of, update);
        update();
      }
    }

    /**
     * The inputs that remember another input's value at the time when one of these was set.
     *
     * @param {object} values the inputs that are set, with their values
     * @param {object} state the values of the others
     */
    remembered(values, state = this.state) {
      return Object.fromEntries(
        this.inputs
          .filter(({ name, when }) => when && when in values && !(name in values))
          .map(({ name, of }) => [name, values[of] ?? state[of]]),
      );
    }

    /** Move each slider once, unseen: the first moves of a chart are its slowest. */
    async warmUp(view) {
      for (const { name, max } of this.sliders) await view.signal(name, Number(max)).runAsync();
    }

    /**
     * Skip writing attributes that keep their value: Vega rewrites the frames of panels, the fonts
     * of texts and the dashes of lines at every change, and browsers lay them out again.
     */
    skipUnchanged() {
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

    // --- the sentence ----------------------------------------------------------------------

    /**
     * Write the sentence at once, and announce it when it has stayed the same for a moment:
     * while a reader moves a slider, a screen reader would otherwise never stop talking.
     */
    say(sentence) {
      if (sentence === this.sentence) return;
      this.sentence = sentence;
      write(this.status, "ariaLive", "off");
      write(this.status, "textContent", sentence);
      clearTimeout(this.announcing);
      this.announcing = setTimeout(() => this.announce(), pauseBeforeAnnouncing);
    }

    announce() {
      if (this.timer) return; // a walk that runs is announced at its end
      this.status.ariaLive = "polite";
      // Only a change of a live region is announced.
      if (!this.silent) this.status.replaceChildren(this.status.textContent);
    }

    // --- the state: the values of the inputs -----------------------------------------------

    /** Set inputs because the reader did something: the address follows. */
    setByReader(values) {
      write(this.note, "textContent", "");
      this.silent = false;
      const set = this.set({ ...values, ...this.remembered(values) });
      keepInAddress(this);
      return set;
    }

    /** Set inputs, at once or as soon as the chart is live. */
    async set(values) {
      Object.assign(this.state, values);
      if (this.view) {
        for (const [name, value] of Object.entries(values)) this.view.signal(name, value);
        await this.view.runAsync(); // sliders also say what follows, such as the verdict
      } else {
        this.say("Loading the chart\u2026");
        this.goLive();
      }
      this.showState();
    }

    /** Take over an input that was set in the chart's view; several at once are taken together. */
    take(name, value) {
      this.taken ??= {};
      this.taken[name] = value;
      queueMicrotask(() => {
        const { taken } = this;
        this.taken = null;
        if (taken) this.set({ ...taken, ...this.remembered(taken) });
      });
    }

    /** Bring sliders, readings and buttons in line with the state. */
    showState() {
      // If the demo can't become live, its picture shows the initial state; so do its controls.
      const state = this.figure.dataset.state === "failed" ? this.initial : this.state;
      for (const slider of this.sliders) {
        const value = state[slider.name];
        const text = reading(value, this.input(slider.name));
        const scale = this.scales[slider.name];
        const landmark = scale?.landmarks.find(([, at]) => at === value);
        const label = landmark ? `${landmark[0]} = ${text}` : text;
        const verdict = scale && this.view?.signal("verdict");
        slider.value = value;
        write(this.readings[slider.name], "textContent", label);
        write(slider, "ariaValueText", verdict ? `${label}, ${verdict}` : label);
      }
      for (const choice of this.choices) {
        const name = choice.dataset.input;
        const lapsed = this.inputs.some(({ name: kept, of, when, lapses }) => {
          return lapses && when === name && state[kept] !== state[of];
        });
        const value = state[name];
        choice.checked = choice.type === "radio" ? choice.value === value && !lapsed : value;
      }
      for (const [i, button] of this.presetButtons.entries()) {
        const set = Object.entries(this.presets[i].inputs);
        write(button, "ariaPressed", String(set.every(([name, value]) => state[name] === value)));
      }
      const { step, back, reset, reveal } = this.buttons;
      if (step) write(step, "ariaDisabled", String(state.steps >= this.lastStep));
      if (back) write(back, "ariaDisabled", String(state.steps <= 0));
      write(reset, "ariaDisabled", String(!(state.steps > 0) && !this.changed.length));
      if (reveal) write(reveal, "textContent", this.labels.reveal[Number(state.reveal)]);
    }

    /** Go back to the start of the walk; from there, restore the initial state. */
    reset() {
      this.pause();
      if (this.state.steps > 0) {
        // What the reader did at later steps is no longer ahead.
        const done = this.inputs.filter(({ of, keep }) => of === "steps" && keep === "when");
        const forgotten = Object.fromEntries(done.map(({ name, value }) => [name, value]));
        this.setByReader({ steps: 0, ...forgotten });
        if (this.changed.length) {
          this.note.textContent = `Press ${this.labels.reset} again to restore everything.`;
        }
      } else {
        this.setByReader(this.initial);
      }
    }

    // --- links -----------------------------------------------------------------------------

    /** The changed inputs as a link has them, and when the reader set them, if that counts. */
    get query() {
      const changed = this.changed;
      return this.inputs
        .filter((input) => changed.includes(input) || changed.includes(this.input(input.when)))
        .map(({ name }) => `${name}=${this.state[name]}`);
    }

    /** The address of a page with this demo as it is now. */
    get link() {
      // In a frame on another site, link to the demo's page in the book instead of the frame's.
      const page = document.querySelector(".demo-home")?.href ?? location.href;
      const query = this.query.join("&");
      return `${page.split("#")[0]}#${this.figure.id}${query && "?"}${query}`;
    }

    async copyLink() {
      keepInAddress(this, true);
      this.note.textContent = "";
      const { link } = this;
      let said;
      try {
        await navigator.clipboard.writeText(link);
        said = "Link copied.";
      } catch {
        said = `Your browser doesn’t let this page copy the link. Here it is: ${link}`;
      }
      this.note.textContent = said;
    }

    /**
     * Set the inputs that a link names. What is not valid is left out or clamped, and a note says so.
     *
     * @param {Array<[string, string]>} pairs names and values as the link has them
     */
    follow(pairs) {
      delete this.figure.dataset.hide;
      const notes = [];
      const names = pairs.map(([name]) => name);
      const set = {};
      for (const [i, [name, text]] of pairs.entries()) {
        const input = this.input(name);
        if (names.lastIndexOf(name) > i) {
          notes.push(`${quote(name)} is given more than once; the last one counts`);
        } else if (name === "hide") {
          if (["buttons", "controls"].includes(text)) this.figure.dataset.hide = text;
          else notes.push(`hide can be “buttons” or “controls”, not ${quote(text)}`);
        } else if (!input) {
          notes.push(`this demo has no input ${quote(name)}`);
        } else if (input.options) {
          if (input.options.includes(text)) set[name] = text;
          else notes.push(`${input.label} can be ${input.options.join(", ")}, not ${quote(text)}`);
        } else if (input.min === undefined) {
          if (["true", "false"].includes(text)) set[name] = text === "true";
          else notes.push(`${input.label} can be “true” or “false”, not ${quote(text)}`);
        } else {
          const number = /^\s*[-+\u2212]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text)
            ? Number(text.replace("\u2212", "-"))
            : NaN;
          if (Number.isNaN(number)) {
            notes.push(`${quote(text)} is not a number for ${input.label}`);
            continue;
          }
          const whole = input.step === 1 ? Math.round(number) : number;
          const value = Math.min(Math.max(whole, input.min), input.max) + 0; // no minus zero
          set[name] = value;
          if (value !== number) {
            const nearest = reading(value, input);
            notes.push(`${input.label} can’t be ${shorten(text.trim())}; the nearest possible is ${nearest}`);
          }
        }
      }
      this.autoplay = false;
      this.pause();
      this.silent = true; // the note is announced; the sentence need not be
      const asked = { ...this.initial, ...set };
      this.set({ ...asked, ...this.remembered(set, asked) });
      this.note.textContent = notes.length ? `About the link: ${notes.join("; ")}.` : "";
    }

    /** Scroll the demo into view, out of whatever is folded. */
    show() {
      for (let at = this.figure; (at = at.parentElement?.closest("details")); ) at.open = true;
      // In a frame the demo is all there is, and the page around it is not ours to scroll.
      if (window === window.top) this.figure.scrollIntoView();
    }

    // --- walking ---------------------------------------------------------------------------

    get lastStep() {
      return this.input("steps")?.max;
    }

    go(steps) {
      this.pause();
      return this.setByReader({ steps: Math.min(Math.max(steps, 0), this.lastStep) });
    }

    /** Take steps at intervals; at the end of the walk, start over. */
    run({ byItself = false } = {}) {
      if (!this.view) {
        this.runWhenLive = true;
        this.say("Loading the chart\u2026");
        this.goLive();
        return;
      }
      this.runWhenLive = false;
      this.note.textContent = "";
      this.silent = byItself;
      this.byItself = byItself;
      this.autoplay = false;
      if (this.state.steps >= this.lastStep) this.set({ steps: 0 });
      this.timer = setInterval(() => {
        if (document.hidden || !this.inView) return; // wait for the reader to come back
        if (this.state.steps < this.lastStep) this.set({ steps: this.state.steps + 1 });
        if (this.state.steps >= this.lastStep) this.pause();
      }, 1000 * secondsPerStep);
      this.buttons.run.textContent = "Pause";
    }

    pause() {
      this.runWhenLive = false;
      if (!this.timer) return;
      clearInterval(this.timer);
      this.timer = null;
      this.buttons.run.textContent = this.labels.run;
      if (!this.byItself) keepInAddress(this);
      clearTimeout(this.announcing);
      this.announcing = setTimeout(() => this.announce(), pauseBeforeAnnouncing);
    }

    playWhenSeen() {
      const seen = new IntersectionObserver((entries) => {
        // A busy browser reports several changes at once; the last one counts.
        if (!entries.at(-1).isIntersecting) return;
        seen.disconnect();
        if (this.autoplay && !this.changed.length && !this.timer) this.run({ byItself: true });
      }, { threshold: 0.6 });
      seen.observe(this.chart);
    }

    // --- dragging --------------------------------------------------------------------------

    /** Let marks be dragged, as if by the sliders of the inputs that they set. */
    addDrag() {
      const drags = this.drags[this.drawn] ?? [];
      if (!drags.length) return;
      const dragOf = (item) => drags.find(({ mark }) => item?.mark.name?.startsWith(mark));
      // A finger on the mark drags it; anywhere else it scrolls the page. (`touch-action` can't
      // say so: Chromium ignores it on a mark that is not painted.)
      this.view.addEventListener("touchstart", (event, item) => {
        if (dragOf(item) && event.cancelable) event.preventDefault();
      });
      this.view.addEventListener("pointerdown", (down, item) => {
        const drag = dragOf(item);
        if (!drag || down.button !== 0 || !down.isPrimary) return;
        const svg = this.holder.querySelector("svg");
        const scale = svg.viewBox.baseVal.width / svg.getBoundingClientRect().width;
        const from = { ...this.state };
        const ended = new AbortController();
        const end = () => ended.abort();
        const move = ({ pointerId, buttons, clientX, clientY }) => {
          if (pointerId !== down.pointerId) return;
          if (!buttons) return end(); // the release was not seen, as when a menu opened
          const values = {};
          const along = (name, pixels, perPixel) => {
            if (!name) return;
            const { min, max, step } = this.input(name);
            const value = from[name] + pixels * perPixel * scale;
            const steps = Math.round((Math.min(Math.max(value, min), max) - min) / step);
            // As the slider would write it: without binary rounding errors.
            values[name] = Number((min + steps * step).toPrecision(12));
          };
          along(drag.x, clientX - down.clientX, drag.x_per_pixel);
          along(drag.y, down.clientY - clientY, drag.y_per_pixel);
          this.setByReader(values);
        };
        down.preventDefault();
        const { signal } = ended;
        window.addEventListener("pointermove", move, { signal });
        for (const type of ["pointerup", "pointercancel", "contextmenu", "blur"]) {
          window.addEventListener(type, end, { signal });
        }
      });
    }
  }

  // --- all demos of the page ---------------------------------------------------------------

  const demos = new Map();

  // --- the page's address ------------------------------------------------------------------
  //
  // It has the state of every demo: `#demo-step-size?steps=9&demo-blind.guess=0.5`. History
  // entries are marked, so that going back can be told from following a link, and an entry that
  // keeps a state from one that is a link to a state.

  /** The address's hash for the state of all demos, the one moved last first. */
  function currentHash() {
    const others = [...demos.values()].filter((demo) => demo !== lastMoved);
    const query = [
      ...lastMoved.query,
      ...(lastMoved.figure.dataset.hide ? [`hide=${lastMoved.figure.dataset.hide}`] : []),
      ...others.flatMap((demo) => demo.query.map((part) => `${demo.figure.id}.${part}`)),
    ].join("&");
    return query ? `#${lastMoved.figure.id}?${query}` : "";
  }

  function writeAddress() {
    clearTimeout(writing);
    writing = null;
    if (!lastMoved) return;
    const hash = currentHash() || (location.hash.includes("?") ? "" : location.hash);
    const address = location.href.split("#")[0] + hash;
    try {
      history.replaceState({ ...history.state, gdbook: "state" }, "", address);
    } catch {
      // A frame without an address of its own, or a browser's limit: the demo still works.
    }
  }

  /** Write the state of the demos into the address, soon or now. */
  function keepInAddress(demo, now = false) {
    lastMoved = demo;
    clearTimeout(writing);
    if (now) writeAddress();
    else writing = setTimeout(writeAddress, pauseBeforeAddress);
  }
  window.addEventListener("pagehide", () => writing && writeAddress());

  /** Set the demos as the address says; scroll to the one it names if this is a new link. */
  function followAddress({ scroll }) {
    const hash = location.hash.slice(1);
    // The "?" may be encoded, by programs that encode a whole link.
    const [head, ...rest] = (hash.includes("?") ? hash : decode(hash)).split("?");
    const named = demos.get(decode(head));
    if (!named || !rest.length) return;
    const asked = new Map([[named, []]]);
    for (const [name, value] of new URLSearchParams(rest.join("?").replaceAll("&amp;", "&"))) {
      const dot = name.lastIndexOf(".");
      const other = demos.get(name.slice(0, dot));
      if (dot > 0 && other) {
        asked.set(other, [...(asked.get(other) ?? []), [name.slice(dot + 1), value]]);
      } else {
        asked.get(named).push([name, value]);
      }
    }
    for (const [demo, pairs] of asked) demo.follow(pairs);
    lastMoved = named;
    if (scroll) named.show();
  }

  function markEntry() {
    history.replaceState({ ...history.state, gdbook: "link" }, "");
  }

  window.addEventListener("popstate", ({ state }) => {
    clearTimeout(writing);
    writing = null;
    if (state?.gdbook === "state") {
      // Back to a section of this page: the demos stay as they are.
      if (lastMoved) writeAddress();
    } else {
      followAddress({ scroll: !state?.gdbook });
      markEntry();
    }
  });

  // --- becoming live -----------------------------------------------------------------------

  const near = new IntersectionObserver(async (entries) => {
    const coming = entries.filter(({ isIntersecting }) => isIntersecting);
    await Promise.all(
      coming.map(({ target }) => {
        near.unobserve(target);
        return demos.get(target.id).goLive();
      }),
    );
    // For lazy-scripts.js, once the frame with the live charts is painted.
    requestAnimationFrame(() => {
      setTimeout(() => document.dispatchEvent(new Event("demos-settled")));
    });
  }, { rootMargin: "200px 0px" });

  for (const figure of document.querySelectorAll("figure.demo")) {
    demos.set(figure.id, new Demo(figure));
  }
  const [navigation] = performance.getEntriesByType("navigation");
  followAddress({ scroll: !["reload", "back_forward"].includes(navigation?.type) });
  if (!history.state?.gdbook && location.hash.includes("?")) markEntry();
  for (const { figure } of demos.values()) near.observe(figure);
})();
