"""Charts on screen: Plotly's basic bundle, loaded when the first chart is drawn."""

from gdftu_app.components.charts.chart import chart

__all__ = ["chart"]
