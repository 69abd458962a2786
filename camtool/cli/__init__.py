"""Typer and Rich only: parse, call one job, render."""
