"""Everything that LINE's own webhook specification allows, and much that it does not, meets the webhook."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from bot import line as line_bot
from bot.settings import Settings
from handlers.services import Services
from tests.contract.line_spec import spec_file, strict
from tests.fakes.line import LineServer
from tests.fakes.line_phone import signature

FILE = spec_file("webhook.yml")
if FILE is None:
    pytest.skip("LINE's OpenAPI files are not in ../shared", allow_module_level=True)
schemathesis = pytest.importorskip("schemathesis")
yaml = pytest.importorskip("yaml")

schema = schemathesis.openapi.from_dict(strict(yaml.safe_load(FILE.read_text(encoding="utf-8"))))
schema.config.generation.update(modes=[schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])


@pytest.fixture
def client(services: Services, settings: Settings) -> TestClient:
    app = FastAPI()
    app.include_router(line_bot.routes(services, settings))
    return TestClient(app, raise_server_exceptions=False)


@schema.parametrize()
@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_body_of_the_specification_makes_a_server_error(case: Any, client: TestClient, line: LineServer) -> None:
    body = case.body if isinstance(case.body, bytes) else json.dumps(case.body, default=str).encode()
    answer = client.post(
        "/line/callback", content=body, headers={"x-line-signature": signature(line.channel_secret, body)}
    )
    assert answer.status_code < 500
