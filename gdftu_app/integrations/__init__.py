"""Gateways to the outside world: one local and one remote adapter each."""
