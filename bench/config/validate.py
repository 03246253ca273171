"""Validates all the configs of a folder with the real Truss; prints the seconds of each pass as a JSON list."""

import json
import logging
import pathlib
import sys
import time
import warnings

from truss.base.truss_config import TrussConfig

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

paths = sorted(pathlib.Path(sys.argv[1]).glob("*.yaml"))
seconds = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    for path in paths:
        try:
            TrussConfig.from_yaml(path)
        except Exception:
            pass
    seconds.append(time.perf_counter() - start)
print(json.dumps(seconds))
