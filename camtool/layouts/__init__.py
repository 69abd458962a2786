"""How recorders name their files: one vendor's naming per module, each a `LAYOUT`."""
