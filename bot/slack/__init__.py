"""Slack: requests in (HTTP or Socket Mode), cards out. Nothing outside this package knows Slack."""

from __future__ import annotations

from typing import Protocol

from fastapi import APIRouter

from bot.settings import Settings
from bot.slack import install
from bot.slack.install import Installer
from bot.slack.receive import Receiver
from bot.slack.routes import router
from bot.slack.send import Slack
from bot.slack.socket import SocketMode
from handlers.services import Services

__all__ = ["background", "enabled", "platform", "routes"]


class Background(Protocol):
    """Something that lives as long as the server."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def enabled(settings: Settings) -> bool:
    return bool(settings.slack_signing_secret.get_secret_value() or settings.slack_app_token.get_secret_value())


def platform(services: Services, settings: Settings) -> Slack:
    return Slack(services, settings)


def routes(services: Services, settings: Settings) -> APIRouter:
    """`/slack/events`, and the installation pages when there is an OAuth client."""
    installer = Installer(services, settings)
    oauth = install.flow(services, settings) if installer.oauth else None
    receiver = Receiver(services, settings, installer)
    return router(receiver, settings.slack_signing_secret.get_secret_value(), oauth)


def background(services: Services, settings: Settings) -> list[Background]:
    """What is started with the server: the installation of the settings' token, and Socket Mode."""
    installer = Installer(services, settings)
    tasks: list[Background] = [installer]
    if app_token := settings.slack_app_token.get_secret_value():
        tasks.append(SocketMode(Receiver(services, settings, installer), settings.slack_api_url, app_token))
    return tasks
