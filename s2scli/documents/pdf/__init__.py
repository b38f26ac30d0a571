"""PDF, read only."""
