"""XLIFF, the localisation industry's exchange format."""
