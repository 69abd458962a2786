"""The only place with SQL, and the keeper of site.toml."""
