// Evaluates the expressions of a chart, in the form in which Vega has parsed them.
//
// The pages' policy forbids making code of text, and Vega's own interpreter, made for that case,
// prepares everything anew at each of the hundreds of evaluations that a move of a slider takes.
// Here each expression becomes, once, a function that calls the functions of its parts. What this
// file does not know it refuses, and the chart is left to Vega's interpreter.
"use strict";

(() => {
  class Unknown extends Error {}

  /** What an expression may name beside the chart's signals and its own functions. */
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
   * Turn a part of an expression into a function of what it can speak of: the signals (each under
   * its name behind a "$"), the row of data, and the mark. `chart` has the chart's own functions.
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
      const name = callee.name.replace(/^_/, ""); // so marked where Vega itself wrote it
      const parts = given.map((node) => compile(node, chart));
      const [a, b, c] = parts;
      if (name === "if") return (s, d, i) => (a(s, d, i) ? b(s, d, i) : c(s, d, i));
      const call = chart[name] ?? known(functions, name);
      // Nearly all have one or two arguments, and need no list of them.
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

  /** Where a mark is given both of its ends, or its middle, find its place and its extent. */
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

  /** What Vega asks for in place of its own interpreter. */
  const expressions = {
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

  window.gdbookExpressions = { expressions, Unknown };
})();
