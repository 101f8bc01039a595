"""The live charts of the book, one function per demo, in pure Altair.

Each function takes the points and returns a chart that works in any notebook. The book shows the
same chart with buttons and a sentence that describes its state (see `gdbook.page`).
"""

from gdbook.charts.blind import blind
from gdbook.charts.gradient_step import gradient_step
from gdbook.charts.recap import recap
from gdbook.charts.slope_loss import slope_loss
from gdbook.charts.step_size import step_size
from gdbook.charts.teaser import teaser
from gdbook.charts.valleys import valleys

__all__ = ["blind", "gradient_step", "recap", "slope_loss", "step_size", "teaser", "valleys"]
