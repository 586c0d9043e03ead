"""What every peer script shares with the benchmark that starts it: JSON in, one line of JSON out."""

import json
import resource
import sys


def read_parameters():
    return json.loads(sys.argv[1])


def report_result(result):
    print(json.dumps(result), flush=True)


def peak_memory_bytes():
    """The most memory that this process has had resident."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
