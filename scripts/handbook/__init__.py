"""The parts of ``scripts/update_docs.py``: generated pages, and examples with their output."""
