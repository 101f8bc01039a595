"""Colours, and the sizes of a chart's panels."""

from dataclasses import dataclass, replace

#: Colours by meaning. The page sets the CSS variables for light and dark; elsewhere the fallback
#: after the comma applies.
COLORS = {
    "data": "var(--gd-data, #4a5568)",
    "line": "var(--gd-line, #1f6fb4)",
    "loss": "var(--gd-loss, #b8500b)",
    "curve": "var(--gd-curve, #6b7280)",
    "gradient": "var(--gd-gradient, #b5179e)",
    "step": "var(--gd-step, #0b7a4b)",
    "alarm": "var(--gd-alarm, #c1121f)",
    "paper": "var(--gd-paper, #ffffff)",
}


@dataclass(frozen=True)
class Layout:
    """How two panels are arranged: side by side, or stacked on a narrow screen."""

    stacked: bool
    width: int
    height: int

    def single(self) -> "Layout":
        """Give a single panel all of the space."""
        return self if self.stacked else replace(self, width=2 * self.width)


WIDE = Layout(stacked=False, width=264, height=250)
NARROW = Layout(stacked=True, width=274, height=150)
