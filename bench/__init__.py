"""Benchmarks: what reading the tree costs, as a ratio to the tightest SQL that could answer (see README.md)."""
