"""camtool: a forensic footage toolkit for a commune's cameras."""

__version__ = "0.1.0"
