"""Checks of a translation against its source, without a model: what seems wrong with it."""
