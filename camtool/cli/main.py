"""The door: reads the global options, runs one command, turns what it raises into words and an exit code."""


def main() -> None:
    """Run camtool on the process's own arguments and exit."""
