"""Builders of small test media: each file is made by the test that needs it, none is kept in the repository."""
