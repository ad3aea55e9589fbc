"""`python -m gdftu_app.cli`: the same as `gdftu`."""

from gdftu_app.cli import main

main()
