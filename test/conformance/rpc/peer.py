"""The real Python package as a peer: a server around its own codec, errors and streams, and a caller that uses its stubs.

Prints its port, and serves until its standard input closes.
"""

import asyncio
import pathlib
import sys
import threading
from typing import Optional

import fastapi
import pydantic
import truss
import truss_chains as chains
import uvicorn
from fastapi.responses import JSONResponse, Response, StreamingResponse
from truss.templates.shared import serialization
from truss_chains import public_types, streaming
from truss_chains.remote_chainlet import utils

sys.path.insert(0, str(pathlib.Path(truss.__file__).parent / "templates" / "server"))
from _truss_common import errors  # noqa: E402

app = fastapi.FastAPI()
for handled in errors.HANDLED_EXCEPTIONS:
    app.add_exception_handler(handled, errors.exception_handler)


class Item(pydantic.BaseModel):
    n: int
    text: str


class Footer(pydantic.BaseModel):
    items: int
    error: Optional[public_types.RemoteErrorDetail] = None


def is_binary(request: fastapi.Request) -> bool:
    return request.headers.get("content-type", "").split(";")[0].lower() == "application/octet-stream"


def answer(request: fastapi.Request, value) -> Response:
    if is_binary(request):
        return Response(serialization.truss_msgpack_serialize(value), media_type="application/octet-stream")
    return JSONResponse(value)


async def read(request: fastapi.Request):
    body = await request.body()
    return serialization.truss_msgpack_deserialize(body) if is_binary(request) else await request.json()


@app.post("/echo")
async def echo(request: fastapi.Request):
    return answer(request, await read(request))


@app.post("/describe")
async def describe(request: fastapi.Request):
    """What Python makes of each member of a message."""
    described = {}
    for key, value in (await read(request)).items():
        described[key] = f"{type(value).__name__} {getattr(value, 'dtype', '')} {value!r}"
    return answer(request, described)


class Raise(Exception):
    pass


def validate(kind: str, message: str):
    if kind == "value":
        raise ValueError(message)
    if kind == "http":
        raise fastapi.HTTPException(status_code=422, detail=message)
    raise Raise(message)


@app.post("/raise")
async def raise_error(request: fastapi.Request):
    inputs = await read(request)
    with utils.predict_context(request.headers):
        validate(inputs["kind"], inputs["message"])


@app.post("/unready")
async def unready():
    raise errors.ModelNotReady("model")


@app.post("/headers")
async def headers(request: fastapi.Request):
    return dict(request.headers)


@app.post("/stream")
async def stream(request: fastapi.Request):
    inputs = await read(request)

    async def items():
        for part in inputs["parts"]:
            yield part.encode()
            await asyncio.sleep(0)

    return StreamingResponse(items(), media_type="application/octet-stream")


@app.post("/framed")
async def framed(request: fastapi.Request):
    inputs = await read(request)
    writer = streaming.stream_writer(streaming.stream_types(Item))

    async def items():
        for n in range(inputs["count"]):
            yield writer.yield_item(Item(n=n, text="ü" * n))

    return StreamingResponse(items(), media_type="application/octet-stream")


class Callee(chains.StubBase):
    pass


def stub_to(inputs) -> Callee:
    options = public_types.RPCOptions(
        retries=inputs.get("retries", 1), timeout_sec=inputs.get("timeout", 30.0), use_binary=inputs.get("binary", False)
    )
    return Callee.from_url(inputs["url"], "key", options)


@app.post("/relay")
async def relay(request: fastapi.Request):
    """A chainlet in the middle, which does not catch what its dependency raises."""
    inputs = await read(request)
    stub = stub_to(inputs)
    with utils.predict_context(request.headers):
        return answer(request, await stub.predict_async(inputs["inputs"]))


@app.post("/call")
async def call(request: fastapi.Request):
    """Calls with the stub, and says what came of it."""
    inputs = await read(request)
    stub = stub_to(inputs)
    try:
        with utils._trace_parent(request.headers):
            if inputs.get("stream") == "raw":
                chunks = [chunk async for chunk in await stub.predict_async_stream(inputs["inputs"])]
                return {"value": b"".join(chunks).decode(), "decodable": all(chunk.decode() is not None for chunk in chunks)}
            if inputs.get("stream") == "framed":
                chunks = await stub.predict_async_stream(inputs["inputs"])
                reader = streaming.stream_reader(streaming.stream_types(Item, footer_type=Footer), chunks)
                items = [item.model_dump() async for item in reader.read_items()]
                return {"value": items, "footer": (await reader.read_footer()).model_dump()}
            value = await stub.predict_async(inputs["inputs"])
            return {"value": repr(value) if inputs.get("binary") else value}
    except Exception as e:
        status = getattr(e, "status_code", None)
        message = e.detail if isinstance(e, fastapi.HTTPException) else str(e)
        return {"raised": type(e).__name__, "message": message, "status": status}


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)


server = Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))


def stop_with_parent():
    sys.stdin.read()
    server.should_exit = True


threading.Thread(target=stop_with_parent, daemon=True).start()
server.run()
