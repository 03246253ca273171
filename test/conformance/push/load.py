"""Loads unpacked trusses with the real package, and tells what it makes of them."""

import base64
import json
import pathlib
import sys
import tempfile

from truss.base.truss_config import TrussConfig
from truss.contexts.image_builder import serving_image_builder
from truss.truss_handle.build import load


def examine(directory: str, encoded: str) -> dict:
    config = load(directory).spec.config
    sent = TrussConfig.from_dict(json.loads(base64.b64decode(encoded)))
    proxy = None
    if config.docker_server is not None:
        with tempfile.TemporaryDirectory() as build:
            serving_image_builder.generate_docker_server_nginx_config(pathlib.Path(build), config)
            proxy = (pathlib.Path(build) / "proxy.conf").read_text()
    return {
        "same": config.to_dict(verbose=True) == sent.to_dict(verbose=True),
        "config": config.to_dict(verbose=False),
        "proxy": proxy,
    }


print(json.dumps([examine(**each) for each in json.load(sys.stdin)]))
