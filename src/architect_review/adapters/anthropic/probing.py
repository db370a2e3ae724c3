"""Whether an endpoint takes the key and knows the model, asked for nothing.

Counting tokens costs nothing (docs.claude.com, "Token counting") and is refused for
the same reasons as a message.
"""

from dataclasses import dataclass

import anthropic
import httpx2

from architect_review.adapters.anthropic import failure
from architect_review.adapters.anthropic.connection import Connection
from architect_review.adapters.anthropic.credentials import (
    DEFAULT_BASE_URL,
    Credentials,
    unusable,
)
from architect_review.publication.leaks import Guard

SECONDS = 20
"""Longest wait for an answer."""
# Somebody has to change something; other refusals may pass.
_WRONG = {401, 402, 403, 404}


@dataclass(frozen=True, slots=True)
class Met:
    """How an endpoint met a request: `is_usable` None where that cannot be told."""

    host: str
    is_usable: bool | None
    why: str = ""


def meet(
    credentials: Credentials, base_url: str, model: str, guard: Guard, ca_file: str = ""
) -> Met:
    """Ask the endpoint to count the tokens of a word for this model.

    The `guard` learns the tokens that are given for it.
    A blank `base_url` is Anthropic's own. Endpoints of others may not count tokens.
    """
    address = base_url.strip() or DEFAULT_BASE_URL
    if problem := unusable(credentials, address):
        return Met(address, False, problem)
    connection = Connection(credentials, address, lambda: SECONDS, guard.learn, ca_file)
    client = connection.client.with_options(max_retries=0)
    try:
        client.messages.count_tokens(
            model=model, messages=[{"role": "user", "content": "word"}]
        )
    except anthropic.APIStatusError as error:
        said = connection.api_error(error)
        if said.status in (404, 405, 501) and said.type != "not_found_error":
            return Met(connection.host, None, "it does not count tokens")
        why = failure.explain(said, connection.host, model).detail
        return Met(connection.host, False if said.status in _WRONG else None, why)
    except (anthropic.APIConnectionError, httpx2.TransportError) as error:
        cause = str(error.__cause__ or error)
        return Met(connection.host, False, connection.unreached(cause).detail)
    except anthropic.APIResponseValidationError:
        return Met(connection.host, None, "its answer is none of the Messages API")
    finally:
        connection.close()
    return Met(connection.host, True)
