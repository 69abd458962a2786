"""The pure core: no files, no clock, no database, no video; values in, values out."""
