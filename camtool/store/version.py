"""The catalog's version, on its own so that readers need nothing else."""

CATALOG_VERSION = 3
