"""The panel that most demos share: the data with a line through the origin."""

from typing import Any

import altair as alt

from gdbook.charts.axes import data_axes
from gdbook.charts.expressions import source
from gdbook.charts.frame import Frame
from gdbook.charts.marks import data_marks, layers, line_mark, residual_marks
from gdbook.charts.sample import sample
from gdbook.charts.style import Layout
from gdbook.data import Points


def data_panel(
    layout: Layout, frame: Frame, points: Points, slope: Any, *behind: alt.Chart
) -> alt.LayerChart:
    """Draw the data, or a sample of it, with a line through the origin and the residuals.

    Other marks can be drawn `behind` the line.
    """
    drawn = sample(points)
    return layers(
        layout,
        data_axes(layout, frame.x, frame.y, points),
        residual_marks(drawn, f"{source(slope)} * datum.x"),
        *behind,
        line_mark(frame.x, slope),
        data_marks(drawn),
    )
