"""HTML, and the text of XHTML and of what other formats have of it."""
