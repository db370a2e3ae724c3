"""Who says who a job is, and gives a token for that: GitHub and Anthropic."""

import json
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from standin.messages_server import Handler

RUNTIME = "runtime-token-of-the-job"
TOKEN = "sk-ant-oat01-0123456789"
EXCHANGE = "/v1/oauth/token"
VARIABLES = {
    "ANTHROPIC_FEDERATION_RULE_ID": "fdrl_1",
    "ANTHROPIC_ORGANIZATION_ID": "0b1c",
    "ANTHROPIC_SERVICE_ACCOUNT_ID": "svac_1",
    "ANTHROPIC_WORKSPACE_ID": "",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": RUNTIME,
}


class Vouching(Handler):
    """The model's stand-in with GitHub's word and Anthropic's exchange beside it."""

    words: ClassVar[list[tuple[str, str]]]
    exchanges: ClassVar[list[dict[str, Any]]]
    lifetime: ClassVar[int]
    refusal: ClassVar[tuple[int, Any] | None]
    word: ClassVar[tuple[int, Any]]
    token: ClassVar[str]

    @classmethod
    def begin(cls, word: str, token: str) -> None:
        """Forget what was asked; vouch with a word, and give a token for it."""
        cls.words, cls.exchanges = [], []
        cls.lifetime, cls.refusal = 3600, None
        cls.word, cls.token = (200, {"value": word}), token

    def do_GET(self) -> None:  # noqa: N802  (the library's name)
        if not self.path.startswith("/oidc"):
            return super().do_GET()
        asked = parse_qs(urlsplit(self.path).query)
        Vouching.words.append((asked["audience"][0], self.headers["authorization"]))
        return self._json(*Vouching.word)

    def do_POST(self) -> None:  # noqa: N802
        if self.path != EXCHANGE:
            return super().do_POST()
        raw = self.rfile.read(int(self.headers["content-length"]))
        Vouching.exchanges.append(json.loads(raw))
        if Vouching.refusal is not None:
            return self._json(*Vouching.refusal)
        given = {"access_token": Vouching.token, "token_type": "Bearer"}
        return self._json(200, given | {"expires_in": Vouching.lifetime})
