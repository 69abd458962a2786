"""`python -m camtool` and the `camtool` script."""

from camtool.cli.main import main

if __name__ == "__main__":
    main()
