"""The file system: atomic writing, hashes, URLs as paths, ignore files."""
