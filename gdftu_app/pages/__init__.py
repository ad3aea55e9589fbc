"""Pages: one a file, each a small record and its component."""
