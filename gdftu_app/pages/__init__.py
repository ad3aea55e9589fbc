"""Pages: one a file, each a small record and its component. A page that is not named here does not exist."""

from gdftu_app.pages import missing, overview, sign_in, subordinates, union_chooser

__all__ = ["missing", "overview", "sign_in", "subordinates", "union_chooser"]
