"""The Web API's files and installation, registered beside the methods of `slack_methods.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.slack_methods import Args, a_channel, method, need, post
from tests.fakes.slack_state import ApiError, File, Team

if TYPE_CHECKING:
    from tests.fakes.slack import SlackServer

# --- files ------------------------------------------------------------------------------------------------------------


@method("files.info", "files:read")
def _files_info(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "file")
    file = slack.space.files.get(args["file"])
    if file is None or file.team != team.id:
        raise ApiError("file_not_found")
    if file.mode == "tombstone":
        raise ApiError("file_deleted")
    answer = slack.file_json(file)
    if file.looks:
        file.looks -= 1
        answer |= {"mimetype": "", "filetype": ""}
    return {"file": answer, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.getUploadURLExternal", "files:write")
def _upload_url(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "filename", "length")
    file = File(slack.space.new_id("F"), team.id, str(args["filename"]), b"", "", team.bot_user, mode="uploading")
    slack.space.uploads[file.id] = file
    return {"file_id": file.id, "upload_url": f"{slack.url}/upload/v1/{file.id}"}


@method("files.completeUploadExternal", "files:write")
def _upload_done(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    listed = slack.parsed(args.get("files")) or []
    channel = a_channel(slack, team, args["channel_id"]) if args.get("channel_id") else None
    done: list[File] = []
    for entry in listed:
        file = slack.space.uploads.get(str(entry.get("id")))
        if file is None or not file.data:
            raise ApiError("file_not_found")
        done.append(file)
    for file, entry in zip(done, listed, strict=True):
        file.mode, file.title = "hosted", str(entry.get("title") or file.name)
        file.mimetype, file.looks = slack.sniffed(file.data), slack.looks_until_shown
        slack.space.files[file.id] = slack.space.uploads.pop(file.id)
    if channel is not None:
        content: dict[str, Any] = {"text": str(args.get("initial_comment") or "")}
        thread = str(args.get("thread_ts") or "")
        message = post(slack, team, channel, content, thread_ts=thread, files=[f.id for f in done])
        for file in done:
            file.channels.add(channel.id)
        slack.echo(team, channel, message)
    return {"files": [slack.file_json(f) for f in done]}


@method("files.delete", "files:write")
def _files_delete(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    need(args, "file")
    file = slack.space.files.get(args["file"])
    if file is None:
        raise ApiError("file_not_found")
    if file.owner != team.bot_user:
        raise ApiError("cant_delete_file")
    file.mode = "tombstone"
    return {}


# --- installation -----------------------------------------------------------------------------------------------------


@method("auth.revoke")
def _revoke(slack: SlackServer, team: Team, args: Args) -> dict[str, Any]:
    slack.space.revoked.add(team.token)
    return {"revoked": True}


def oauth_access(slack: SlackServer, args: Args) -> dict[str, Any]:
    """`oauth.v2.access`: the one method without a token. A code is good once and for its own client and redirect."""
    code = slack.space.codes.pop(str(args.get("code")), None)
    if code is None:
        raise ApiError("invalid_code")
    if args.get("client_id") != code["client_id"]:
        raise ApiError("bad_client_secret" if args.get("client_id") else "invalid_client_id")
    if args.get("client_secret") != slack.client_secret:
        raise ApiError("bad_client_secret")
    if args.get("redirect_uri") and args["redirect_uri"] != code["redirect_uri"]:
        raise ApiError("bad_redirect_uri")
    team = slack.space.teams[code["team"]]
    return {
        "access_token": team.token,
        "token_type": "bot",
        "scope": ",".join(sorted(team.scopes)),
        "bot_user_id": team.bot_user,
        "app_id": slack.space.app_id,
        "team": {"name": team.name, "id": team.id},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": code["user"]},
    }
