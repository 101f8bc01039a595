"""Colours, and how much room the panels of a chart have."""

from dataclasses import dataclass, replace

#: What each colour stands for. The page sets the variables for light and dark; elsewhere the
#: colour behind the comma holds.
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
    """How two panels share the room: beside each other, or stacked on a narrow screen."""

    stacked: bool
    width: int
    height: int

    def single(self) -> "Layout":
        """Give all the room to one panel."""
        return self if self.stacked else replace(self, width=2 * self.width)


WIDE = Layout(stacked=False, width=264, height=250)
NARROW = Layout(stacked=True, width=224, height=190)
