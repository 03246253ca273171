"""The real Python package: `serve` a chainlet-like model server on PORT, or `call` one with the real stub."""

import asyncio
import os
import sys
import time

import fastapi
import numpy as np
import pydantic
import truss_chains as chains
from fastapi.responses import Response
from truss.templates.shared import serialization
from truss_chains import public_types
from truss_chains.remote_chainlet import utils


class Small(pydantic.BaseModel):
    text: str
    n: float
    tags: list[str]
    ok: bool


class Row(pydantic.BaseModel):
    id: int
    name: str
    score: float


class Objects(pydantic.BaseModel):
    rows: list[Row]


class Text(pydantic.BaseModel):
    text: str


class Binary(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)
    vector: np.ndarray


WORDS = ["naïve", "日本語のテキスト", "Übergröße", "こんにちは世界", "plain words", "😀"]


def text_of(size):
    text, word = "", 0
    while len(text.encode()) < size:
        text += WORDS[word % len(WORDS)] + " "
        word += 1
    return text


MODELS = {"small": Small, "objects": Objects, "text": Text, "binary": Binary}
VALUES = {
    "small": lambda: Small(text="x" * 130, n=12.5, tags=["a", "b", "c"], ok=True),
    "objects": lambda: Objects(rows=[Row(id=n, name=f"item number {n}", score=n / 4) for n in range(2000)]),
    "text": lambda: Text(text=text_of(100_000)),
    "binary": lambda: Binary(vector=np.arange(262_144, dtype=np.float32) / 7),
}


def serve():
    import uvicorn

    app = fastapi.FastAPI()

    @app.post("/{kind}")
    async def predict(kind: str, request: fastapi.Request):
        body = await request.body()
        model = MODELS[kind]
        binary = request.headers["content-type"] == "application/octet-stream"
        with utils.predict_context(request.headers):
            if binary:
                result = model.model_validate(serialization.truss_msgpack_deserialize(body))
                return Response(serialization.truss_msgpack_serialize(result.model_dump()), media_type="application/octet-stream")
            result = model.model_validate_json(body)
            return Response(result.model_dump_json(), media_type="application/json")

    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="error", timeout_keep_alive=600)


class Callee(chains.StubBase):
    pass


async def call(port, line):
    kind, concurrency, count = line.split()
    options = public_types.RPCOptions(use_binary=kind == "binary")
    stub = Callee.from_url(f"http://127.0.0.1:{port}/{kind}", "key", options)
    value, model, left = VALUES[kind](), MODELS[kind], int(count)

    async def work():
        nonlocal left
        while left > 0:
            left -= 1
            await stub.predict_async(value, output_model=model)

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(int(concurrency))))
    print(int(count) / (time.perf_counter() - started), flush=True)
    await stub._cached_async_client[0].close()


if sys.argv[1] == "serve":
    serve()
else:
    for line in sys.stdin:
        asyncio.run(call(sys.argv[2], line))
