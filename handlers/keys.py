"""Signing and encrypting: buttons and links that people cannot forge, tokens safe in a stolen database."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from handlers.errors import Refusal


class Keys:
    """All that is made from the one secret key. Each use has its own salt, so a button is never good as a link."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"keihi encryption" + secret).digest()))

    def sign(self, salt: str, value: Any) -> str:
        """A short URL-safe token for a JSON value, for ever valid."""
        return str(URLSafeSerializer(self._secret, salt=salt).dumps(value))

    def unsign(self, salt: str, token: str) -> Any:
        """The value of :meth:`sign`; :class:`Refusal` when the token is not ours."""
        try:
            return URLSafeSerializer(self._secret, salt=salt).loads(token)
        except BadSignature:
            raise Refusal("This button is not valid. Please use the newest message.") from None

    def sign_for(self, salt: str, value: Any) -> str:
        """Like :meth:`sign`, with the time inside."""
        return str(URLSafeTimedSerializer(self._secret, salt=salt).dumps(value))

    def unsign_within(self, salt: str, token: str, seconds: int) -> Any:
        """The value of :meth:`sign_for` if it was signed at most ``seconds`` ago; :class:`Refusal` otherwise."""
        try:
            return URLSafeTimedSerializer(self._secret, salt=salt).loads(token, max_age=seconds)
        except BadSignature:
            raise Refusal("This link is not valid any more. Please ask for a new one.") from None

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, text: str) -> str:
        """Raises ValueError when the text was encrypted with another key."""
        try:
            return self._fernet.decrypt(text.encode()).decode()
        except InvalidToken:
            raise ValueError("encrypted with another secret key") from None

    def digest(self, salt: str, text: str) -> str:
        """A keyed hash, for one-use codes that are only ever compared."""
        return hmac.new(self._secret, f"{salt}:{text}".encode(), hashlib.sha256).hexdigest()
