"""How the console looks: theme, stylesheet, and the markup the stylesheet expects."""

from gdftu_app.components.look.theme import SCALINGS, STYLESHEETS, console_theme
from gdftu_app.components.look.toggles import toggle

__all__ = ["SCALINGS", "STYLESHEETS", "console_theme", "toggle"]
