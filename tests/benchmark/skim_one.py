"""`python -m tests.benchmark.skim_one EFFORT FILE`: skim one file in this process and print what was found as JSON."""

import json
import sys

from camtool.media.skim import Effort, skim_file


def main() -> None:
    scan = skim_file(sys.argv[2], effort=Effort(sys.argv[1]))
    events = [
        {
            "start_s": event.start_us / 1e6,
            "end_s": event.end_us / 1e6,
            "peak_s": event.peak_us / 1e6,
            "score": event.score,
            "cause": event.cause,
            "listed": event.listed,
        }
        for event in scan.events
    ]
    print(json.dumps({"events": events, "footage_s": scan.stats.footage_us / 1e6}))


if __name__ == "__main__":
    main()
