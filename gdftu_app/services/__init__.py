"""Services: the field's verbs, each within the caller's unit of work."""
