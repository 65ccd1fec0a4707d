"""`python -m sheetengine` is the command `sheetengine`."""

from sheetengine.cli import main

if __name__ == "__main__":
    main()
