// Compiles Vega expressions, parsed by Vega into syntax trees, to closures.
//
// The pages' Content-Security-Policy forbids `eval`. Vega has an interpreter for that case, but it
// walks the syntax tree again in each of the hundreds of evaluations that one move of a slider
// takes. Here each expression is compiled once. A chart with an expression that this file doesn't
// support is left to Vega's interpreter (`Unknown` says so).
//
// It relies on how vega-runtime calls an interpreter: the four functions of `interpreter` below,
// signals under their name with a "$" in front, and functions that Vega wrote itself marked by a
// "_". tests/test_interpreter.py compares the results with those of Vega's interpreter.
"use strict";

(() => {
  class Unknown extends Error {}

  /** The constants and functions that an expression may use besides those of the chart. */
  const constants = { NaN, MIN_VALUE: Number.MIN_VALUE, MAX_VALUE: Number.MAX_VALUE };
  const functions = {
    isNaN: Number.isNaN,
    isFinite: Number.isFinite,
    clamp: (value, low, high) => Math.max(low, Math.min(high, value)),
    length: (list) => list.length,
    lower: (text) => String(text).toLowerCase(),
    upper: (text) => String(text).toUpperCase(),
  };
  for (const name of Object.getOwnPropertyNames(Math)) {
    (typeof Math[name] === "function" ? functions : constants)[name] = Math[name];
  }

  const unary = { "+": (a) => +a, "-": (a) => -a, "!": (a) => !a };
  const binary = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "%": (a, b) => a % b,
    "<": (a, b) => a < b,
    "<=": (a, b) => a <= b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
    "==": (a, b) => a == b,
    "!=": (a, b) => a != b,
    "===": (a, b) => a === b,
    "!==": (a, b) => a !== b,
  };

  function known(table, name) {
    if (!Object.hasOwn(table, name)) throw new Unknown(name);
    return table[name];
  }

  /**
   * For each type of syntax tree node, how to compile it to a function of the signals, the datum
   * and the mark's item. `chart` has the chart's own functions.
   */
  const compilers = {
    Literal: ({ value }) => () => value,

    Identifier({ name }) {
      if (name === "datum") return (signals, datum) => datum;
      if (name === "item") return (signals, datum, item) => item;
      if (Object.hasOwn(constants, name)) return () => constants[name];
      if (name === "event") throw new Unknown(name);
      const key = `$${name}`;
      return (signals) => signals[key];
    },

    MemberExpression({ object, property, computed }, chart) {
      const of = compile(object, chart);
      const key = computed ? compile(property, chart) : () => property.name;
      return (s, d, i) => of(s, d, i)[key(s, d, i)];
    },

    CallExpression({ callee, arguments: given }, chart) {
      const name = callee.name.replace(/^_/, ""); // marks functions in Vega's own code
      const parts = given.map((node) => compile(node, chart));
      const [a, b, c] = parts;
      if (name === "if") return (s, d, i) => (a(s, d, i) ? b(s, d, i) : c(s, d, i));
      const call = chart[name] ?? known(functions, name);
      // Nearly all calls have one or two arguments; these need no array.
      if (parts.length === 1) return (s, d, i) => call.call(chart, a(s, d, i));
      if (parts.length === 2) return (s, d, i) => call.call(chart, a(s, d, i), b(s, d, i));
      return (s, d, i) => call.apply(chart, parts.map((part) => part(s, d, i)));
    },

    UnaryExpression({ operator, argument }, chart) {
      const apply = known(unary, operator), a = compile(argument, chart);
      return (s, d, i) => apply(a(s, d, i));
    },

    BinaryExpression({ operator, left, right }, chart) {
      const apply = known(binary, operator), a = compile(left, chart), b = compile(right, chart);
      return (s, d, i) => apply(a(s, d, i), b(s, d, i));
    },

    LogicalExpression({ operator, left, right }, chart) {
      const a = compile(left, chart), b = compile(right, chart);
      return operator === "&&"
        ? (s, d, i) => a(s, d, i) && b(s, d, i)
        : (s, d, i) => a(s, d, i) || b(s, d, i);
    },

    ConditionalExpression({ test, consequent, alternate }, chart) {
      const [a, b, c] = [test, consequent, alternate].map((node) => compile(node, chart));
      return (s, d, i) => (a(s, d, i) ? b(s, d, i) : c(s, d, i));
    },

    ArrayExpression({ elements }, chart) {
      const parts = elements.map((node) => compile(node, chart));
      return (s, d, i) => parts.map((part) => part(s, d, i));
    },

    ObjectExpression({ properties }, chart) {
      const parts = properties.map(({ key, value }) => [
        key.name ?? key.value,
        compile(value, chart),
      ]);
      return (s, d, i) => Object.fromEntries(parts.map(([name, part]) => [name, part(s, d, i)]));
    },
  };

  function compile(node, chart) {
    return known(compilers, node.type)(node, chart);
  }

  /** For a mark given by both ends or by its centre, set its position and its size. */
  function place(item, channels, at, extent, mayTurn) {
    const end = `${at}2`, middle = `${at}c`;
    if (end in channels) {
      if (!(at in channels)) {
        item[at] = item[end] - (item[extent] || 0);
      } else {
        if (mayTurn && item[at] > item[end]) [item[at], item[end]] = [item[end], item[at]];
        item[extent] = item[end] - item[at];
      }
    }
    if (middle in channels) item[at] = item[middle] - (item[extent] || 0) / 2;
  }

  const onEvents = (_, { code }) => { throw new Unknown(code); };

  /** What Vega's `View` takes as the option `expr`. */
  const interpreter = {
    operator: ({ functions: chart }, { ast }) => compile(ast, chart),

    parameter({ functions: chart }, { ast }) {
      const value = compile(ast, chart);
      return (datum, signals) => value(signals, datum);
    },

    encode({ functions: chart }, { marktype, channels }) {
      const values = Object.entries(channels).map(([name, { ast }]) => [name, compile(ast, chart)]);
      const mayTurn = ["group", "image", "rect"].includes(marktype);
      return (item, signals) => {
        let changed = 0;
        for (const [name, value] of values) {
          const now = value(signals, item.datum, item);
          if (item[name] !== now) {
            item[name] = now;
            changed = 1;
          }
        }
        if (marktype !== "rule") {
          place(item, channels, "x", "width", mayTurn);
          place(item, channels, "y", "height", mayTurn);
        }
        return changed;
      };
    },

    event: onEvents,
    handler: onEvents,
  };

  window.gdbookInterpreter = { interpreter, Unknown };
})();
