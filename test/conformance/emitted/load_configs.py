"""Loads each config.yaml named on the command line with the real Truss and prints what it read, one JSON line each."""

import json
import pathlib
import sys

from truss.base.truss_config import TrussConfig

for path in sys.argv[1:]:
    config = TrussConfig.from_yaml(pathlib.Path(path))
    print(json.dumps(config.to_dict(verbose=True)))
