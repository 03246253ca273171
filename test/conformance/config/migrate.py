"""Asks the real Truss how it migrates configs.

Reads one JSON object a line, {"yaml": text}, and answers one a line: {"ok": true, "config": …, "warnings": […]} or
{"ok": false, "error": text}.
"""

import io
import json
import logging
import sys
import warnings

import yaml
from truss.cli.migrate_commands import migrate_config_data

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


def migrate(text):
    data = yaml.safe_load(io.StringIO(text, newline=None)) or {}
    if data.get("weights") or not (data.get("model_cache") or data.get("external_data")):
        return {"ok": True, "changed": False}
    weights, notes = migrate_config_data(data)
    data.pop("model_cache", None)
    data.pop("external_data", None)
    data["weights"] = weights
    return {"ok": True, "changed": True, "yaml": yaml.safe_dump(data), "warnings": notes}


def main():
    for line in sys.stdin:
        try:
            answer = migrate(json.loads(line)["yaml"])
        except Exception as error:
            answer = {"ok": False, "error": f"{type(error).__name__}: {error}"[:500]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
