"""One file per job: no printing; each yields results and Problems."""
