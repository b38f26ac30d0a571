"""Formats of strings with keys: message catalogues of applications, and files of values."""
