"""Charts: plain rows become Plotly figures, as plain dicts; the page fills in the reader's language and colours."""
