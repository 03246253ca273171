"""Reads and validates all the configs of a folder with the real Truss, pass after pass.

Prints the milliseconds of each pass after the warm-up as a JSON list.
"""

import json
import logging
import pathlib
import sys
import time
import warnings

from truss.base.truss_config import TrussConfig

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

folder, warm_up, passes = sys.argv[1:]
paths = sorted(pathlib.Path(folder).glob("*.yaml"))


def one_pass():
    start = time.perf_counter()
    for path in paths:
        try:
            TrussConfig.from_yaml(path)
        except Exception:
            pass
    return (time.perf_counter() - start) * 1000


for _ in range(int(warm_up)):
    one_pass()
print(json.dumps([one_pass() for _ in range(int(passes))]))
