"""``python -m s2scli``."""

from s2scli.start import main

if __name__ == "__main__":
    main()
