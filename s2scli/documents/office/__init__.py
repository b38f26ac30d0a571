"""Documents of office programs: OOXML and OpenDocument."""
