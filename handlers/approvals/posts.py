"""Posts (係長, 課長): who holds them, what is above them, and who decides while one is vacant."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.errors import Refusal
from storage import audit
from storage.models import Member, Post

MOST_LEVELS = 20


def find(session: Session, title: str, department: str) -> Post | None:
    """The post of this title in a department, else the one of the whole organisation (a mayor, a treasurer)."""
    for place in dict.fromkeys((department, "")):
        found = session.scalars(select(Post).filter_by(title=title, department=place)).first()
        if found is not None:
            return found
    return None


def everybody(session: Session) -> list[Post]:
    """All posts, by department, those of the whole organisation first."""
    return list(session.scalars(select(Post).order_by(Post.department, Post.title)))


def upwards(post: Post) -> Iterator[Post]:
    """The post itself and those above it, the next first."""
    for _ in range(MOST_LEVELS):
        yield post
        if post.above is None:
            return
        post = post.above


def save(
    session: Session,
    title: str,
    department: str,
    *,
    by: Member,
    holder: Member | None = None,
    vacant: bool = False,
    above: Post | None = None,
) -> tuple[Post, bool]:
    """Make a post or change it; returns it and whether it is new. What is not named stays. Audited.

    Raises :class:`Refusal` when the post would stand above itself.
    """
    post = session.scalars(select(Post).filter_by(title=title, department=department)).first()
    new = post is None
    if post is None:
        post = Post(title=title, department=department)
        session.add(post)
        session.flush()
    if above is not None:
        if any(higher.id == post.id for higher in upwards(above)):
            raise Refusal("{above} cannot be above {post}: it is below it, or the same.", above=above.title, post=title)
        post.above = above
    if vacant or holder is not None:
        post.member = holder
    session.flush()
    data = {"title": title, "department": department, "holder": post.member_id, "above": post.above_id}
    audit.record(session, actor=by.id, action="post.changed", subject=f"post:{post.id}", data=data)
    return post, new


def remove(session: Session, post: Post, *, by: Member) -> None:
    """Do away with a post; what was below it comes below what was above. Audited."""
    for lower in session.scalars(select(Post).filter_by(above_id=post.id)):
        lower.above = post.above
    data = {"title": post.title, "department": post.department}
    audit.record(session, actor=by.id, action="post.removed", subject=f"post:{post.id}", data=data)
    session.delete(post)
    session.flush()


def vacate(session: Session, leaver: Member, *, by: Member) -> list[Post]:
    """The posts that somebody who leaves held: vacant from now on."""
    held = list(session.scalars(select(Post).filter_by(member_id=leaver.id)))
    for post in held:
        save(session, post.title, post.department, by=by, vacant=True)
    return held
