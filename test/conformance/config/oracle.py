"""Asks the real Truss what it makes of configs.

Reads one JSON object a line, {"yaml": text}, and answers one a line: {"ok": true, "verbose": …, "minimal": …} with
the two dumps, or {"ok": false, "error": text}. Keys of the dumps keep their order.
"""

import io
import json
import logging
import math
import sys
import warnings

from truss.base.truss_config import TrussConfig
from truss.util.yaml_utils import safe_load_yaml_with_no_duplicates

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


def load(text):
    """What TrussConfig.from_yaml does, without the file."""
    # A file opened as text has its line ends translated.
    raw = safe_load_yaml_with_no_duplicates(io.StringIO(text, newline=None)) or {}
    build = raw.get("build")
    if isinstance(build, dict) and build.get("no_cache") is True:
        raise ValueError("no_cache in a file")
    return TrussConfig.from_dict(raw)


def finite(value):
    """JSON has no infinity: what one float field dumps as such, others dump as null."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def answer(text):
    try:
        config = load(text)
        verbose = finite(config.to_dict(verbose=True))
        minimal = finite(config.to_dict(verbose=False))
    except RecursionError:
        return {"ok": False, "error": "RecursionError"}
    except Exception as error:
        return {"ok": False, "error": f"{type(error).__name__}: {error}"[:2000]}
    return {"ok": True, "verbose": verbose, "minimal": minimal}


def main():
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line)["yaml"])), flush=True)


if __name__ == "__main__":
    main()
