"""Screens as states: events ask the core once and keep what the page shows."""
