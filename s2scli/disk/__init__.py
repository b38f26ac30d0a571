"""The file system: atomic writing, hashes, URLs as paths, fetching from addresses, ignore files."""
