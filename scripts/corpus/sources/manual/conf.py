"""Configuration of a small manual for Sphinx."""

project = "Beekeeper's manual"
project_copyright = "2024, The Beekeepers"
html_theme = "basic"
html_show_sphinx = True
html_last_updated_fmt = None
gettext_compact = False
