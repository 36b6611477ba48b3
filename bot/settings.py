"""Every setting, typed, from environment variables named ``KEIHI_…``; safe when nothing is set.

The table in docs/settings.md is tested against this class.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SLACK_FILE_HOSTS = "files.slack.com,slack-files.com,*.slack.com"


class Settings(BaseSettings):
    """Settings of one process. Secrets are ``SecretStr`` so that they do not appear in a log or a traceback."""

    model_config = SettingsConfigDict(env_prefix="KEIHI_", env_file=".env", extra="ignore")

    # where things are kept
    data_dir: Path = Field(Path("var"), description="Folder of the embedded database, receipts and generated secret.")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data folder.")
    blob_url: str = Field("", description="Receipt store, file:///… or s3://…; empty: a folder in the data folder.")
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs buttons and links, encrypts tokens; empty: made once and kept in the data folder.",
    )

    # the web server
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    base_url: str = Field("", description="Public https address of this server, for pictures in LINE, links and OAuth.")
    demo: bool = Field(
        False, description="Start with a fictional organisation and the local chat open to this machine."
    )
    local_chat: bool = Field(False, description="Open the local chat, behind sign-in, without the demo (development).")

    # what people may send
    max_file_mb: int = Field(20, ge=1, description="Largest receipt file in megabytes.")
    max_megapixels: int = Field(50, ge=1, description="Largest picture in millions of pixels.")
    max_pages: int = Field(5, ge=1, description="Pages of a PDF or frames of a TIFF that are read.")

    # reading
    ocr_engine: str = Field("", description="rapidocr, faster-paddle or tesseract; empty: the best that is installed.")
    ocr_processes: int = Field(
        0, ge=0, description="Processes that read receipts; 0: one for each core but one, at least one."
    )
    ocr_timeout: float = Field(60.0, gt=0, description="Seconds after which a reading process counts as hung.")

    # jobs
    worker: bool = Field(
        True, description="Start a worker beside the server; off where `keihi worker` is run separately."
    )
    sweep_seconds: float = Field(
        2.0, gt=0, description="How often waiting deliveries and albums are looked at; reminders once in 15 times."
    )
    job_concurrency: int = Field(4, ge=1, description="Jobs that one process runs at a time, besides reading.")

    # Slack
    slack_bot_token: SecretStr = Field(SecretStr(""), description="Bot token (xoxb-) of a single workspace.")
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="Signing secret: checks that requests are Slack's."
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""), description="App token (xapp-): Socket Mode, no open port needed."
    )
    slack_client_id: str = Field("", description="OAuth client id, to install in several workspaces.")
    slack_client_secret: SecretStr = Field(SecretStr(""), description="OAuth client secret.")
    slack_api_url: str = Field("https://slack.com/api/", description="Address of Slack's Web API.")
    slack_file_hosts: str = Field(
        SLACK_FILE_HOSTS, description="Hosts, by comma, that may be given the token to fetch files."
    )

    # LINE
    line_channel_secret: SecretStr = Field(
        SecretStr(""), description="Channel secret: checks that requests are LINE's."
    )
    line_channel_token: SecretStr = Field(SecretStr(""), description="Channel access token.")
    line_api_host: str = Field("https://api.line.me", description="Address of LINE's Messaging API.")
    line_data_host: str = Field("https://api-data.line.me", description="Address that serves the files people send.")

    # people
    locale: Literal["ja", "en"] = Field("ja", description="Language for people who have not chosen one.")
    zone: str = Field("Asia/Tokyo", description="Time zone on screens for new organisations.")

    # operation
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_json: bool = Field(False, description="Log lines as JSON.")

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, LookupError):
            raise ValueError("this is no time zone; one is called Asia/Tokyo") from None
        return zone

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, url: str) -> str:
        if url and not re.match(r"(sqlite|postgres|postgresql)(\+\w+)?://", url):
            raise ValueError("this is neither sqlite:///… nor postgresql://…")
        return url

    @model_validator(mode="after")
    def _fill(self) -> Settings:
        if not self.database_url:
            self.database_url = f"sqlite:///{(self.data_dir / 'keihi.db').absolute()}"
        if not self.blob_url:
            self.blob_url = (self.data_dir / "receipts").absolute().as_uri()
        return self

    def key(self) -> bytes:
        """The secret key; made and kept (mode 600) in the data folder when none is set."""
        if self.secret_key.get_secret_value():
            return self.secret_key.get_secret_value().encode()
        file = self.data_dir / "secret.key"
        if not file.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            try:
                with open(file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
                    out.write(secrets.token_urlsafe(48))
            except FileExistsError:
                pass
        return file.read_text().strip().encode()


def load() -> Settings:
    """The settings of this process. For each wrong one a sentence without what stood there (it may be a secret), and
    the process ends with status 2."""
    try:
        return Settings()
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False, include_context=False):
            name = "_".join(("KEIHI", *map(str, one["loc"]))).upper()
            print(f"keihi: {name}: {one['msg'].removeprefix('Value error, ')} (docs/settings.md)", file=sys.stderr)
        raise SystemExit(2) from None
