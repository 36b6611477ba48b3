"""``keihi line …``: set-up of the LINE channel."""

from __future__ import annotations

import typer

from bot.line.richmenu import install_menu
from bot.settings import Settings
from handlers.errors import PlatformError


def menu(settings: Settings) -> int:
    """Install the menu under the conversation; prints what became of it."""
    if not settings.line_channel_token.get_secret_value():
        typer.echo("keihi: KEIHI_LINE_CHANNEL_TOKEN is not set.", err=True)
        return 1
    try:
        made = install_menu(settings)
    except PlatformError as error:
        typer.echo(f"keihi: LINE did not take the menu ({error}). Please check the channel access token.", err=True)
        return 1
    typer.echo(f"The menu is installed: {made}")
    return 0
