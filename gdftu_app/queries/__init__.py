"""Queries: nouns asked of the database, each guarded by its permission and bounded by the actor's reach."""
