"""HTTP doors beside the console: sessions, health, and the wrappers every request passes."""
