"""How a setting is declared, and those that say who is asked, with which leave."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from architect_review.request import fields


class Scope(StrEnum):
    """Where a setting may be given: as an input, in the file, or both."""

    INPUT = "input"
    FILE = "file"
    BOTH = "input and file"


def setting(default: Any, scope: Scope, text: str, **limits: Any) -> Any:
    """A field with its scope and the text of the reference."""
    return Field(
        default, description=text, json_schema_extra={"scope": scope.value}, **limits
    )


class Access(BaseModel):
    """Credentials, the endpoint, the model and the agent."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
    )

    github_token: SecretStr | None = setting(
        None,
        Scope.INPUT,
        "Token that reads the pull request and writes the review. Needs "
        "`contents: read` and `pull-requests: write`.",
    )
    anthropic_api_key: SecretStr | None = setting(
        None,
        Scope.INPUT,
        "Key for the Messages API. Without it the deterministic signals are "
        "published and the model is not asked.",
    )
    anthropic_base_url: Annotated[str, BeforeValidator(fields.address)] = setting(
        "",
        Scope.INPUT,
        "Address of another endpoint that speaks the Messages API (a gateway, "
        "Ollama, llama.cpp, vLLM, LiteLLM), of Amazon Bedrock or of Vertex AI "
        "(docs/enterprise.md). `https`; `http` only for this machine, a private "
        "address or a service of the job.",
        max_length=500,
    )
    ca_bundle: str = setting(
        "",
        Scope.INPUT,
        "Certificate authorities to trust besides the public ones, for a GitHub "
        "Enterprise Server, a gateway or a proxy with certificates of its own: PEM "
        "text, such as a variable of the organisation, or the path of a PEM file.",
        max_length=1_000_000,
    )
    model: str = setting(
        "",
        Scope.BOTH,
        "`sonnet`, `opus`, `haiku`, `fable`, or a full model ID. Empty: what the "
        "agent says, else `sonnet`. The resolved ID is printed in every review.",
        max_length=200,
    )
    agent: str = setting(
        "backend-systems-architect",
        Scope.BOTH,
        "The reviewing agent: the name of a shipped one, or the path of a Markdown "
        "definition in the repository (`.claude/agents/x.md`), read at the tip of "
        "the base branch.",
        max_length=500,
    )
    never_send: Annotated[tuple[str, ...], BeforeValidator(fields.withheld)] = setting(
        (),
        Scope.BOTH,
        "Globs of files, and of folders with all that is in them, whose content is "
        "never sent to the model, such as `secrets/**`: no line of a diff, no excerpt, "
        "no look-up. One without a slash (`secrets`, `*.pem`) names them at any depth; "
        "capitals make no difference. Code still checks them for signals, and they "
        "are listed by name. An input adds to the file's globs and takes none away.",
        max_length=200,
    )
