"""`make bench`: camtool against its named peers, on the same files, in the same run. Ratios, not verdicts."""
