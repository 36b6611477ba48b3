"""The least a FastAPI server can do with a webhook: read it, answer. What ours is measured beside."""

from __future__ import annotations

from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/line/callback")
async def echo(request: Request) -> dict[str, int]:
    return {"bytes": len(await request.body())}


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}
