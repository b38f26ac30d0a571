"""``python -m s2scli``."""

from s2scli.cli.main import main

if __name__ == "__main__":
    main()
