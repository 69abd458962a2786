"""The only place that opens video, draws pictures or starts programs."""
