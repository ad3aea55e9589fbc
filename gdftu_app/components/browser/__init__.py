"""What only the browser can do: the address bar, counting down, keys. With the tree, the only JavaScript here."""

from gdftu_app.components.browser.browser import address, countdown, document_language, kept_phone, repeating, shortcuts

__all__ = ["address", "countdown", "document_language", "kept_phone", "repeating", "shortcuts"]
