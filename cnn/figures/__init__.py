"""Pure drawing: arrays or specs in, an SVG string or a Plotly figure out."""
