"""What vendors' keys and tokens look like: one table, each row with its source.

A source is the vendor's own page where it describes the form, else the provider's
entry in GitHub's "Supported secret scanning patterns" (docs.github.com), which lists
no forms: those were compared with gitleaks' rules (MIT), none copied. Lengths are
floors: tokens grow (GitHub's `ghs_` from 40 to 520 characters in 2026).
"""

from architect_review.change.secret_shapes import (
    IN_BASE64,
    IS,
    Kind,
    Weight,
    shape,
    start,
)

_GITHUB = "GitHub, Supported secret scanning patterns: "
_HALF = "By itself it opens nothing: look for the secret that belongs to it."
_QUOTE = r"[\"'`]?"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_CLOUD = (
    shape(
        Kind("an AWS access key ID", Weight.LIKELY, _HALF),
        "AWS, IAM identifiers: unique ID prefixes",
        "akia asia abia acca",
        start("(?:AKIA|ASIA|ABIA|ACCA)", IN_BASE64) + r"[A-Z2-7]{16}(?![A-Za-z0-9])",
    ),
    shape(
        "an AWS secret access key",
        "AWS, Managing access keys for IAM users",
        "secret",
        r"(?i:(?:aws[\w.-]{0,20}?)?secret[_-]?access[_-]?key"
        r"|aws[\w.-]{0,20}?secret(?:[_-]?key)?)"
        + IS
        + _QUOTE
        + r"([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        in_context=True,
    ),
    shape(
        "an Amazon Bedrock API key",
        "AWS, Amazon Bedrock API keys; GitHub: Amazon AWS",
        "absk bedrock-api-key-",
        start("ABSK", IN_BASE64)
        + r"[A-Za-z0-9+/]{100,}|bedrock-api-key-[A-Za-z0-9+/]{60,}",
    ),
    shape(
        "an Azure storage key",
        "Microsoft, Azure storage account key (Purview): 86 characters and ==",
        "accountkey account_key account-key",
        r"(?i:account[_-]?key)" + IS + _QUOTE + r"([A-Za-z0-9+/]{86}==)",
        in_context=True,
    ),
    shape(
        "an Azure shared access key",
        _GITHUB + "Azure (Service Bus, IoT Hub: 32 bytes in base64)",
        "sharedaccesskey=",
        r"SharedAccessKey=([A-Za-z0-9+/]{43}=)",
    ),
    shape(
        "an Azure SAS signature",
        "Microsoft, Create a service SAS: sig",
        "sig=",
        r"[?&;]sig=((?:[A-Za-z0-9+/]|%[0-9A-Fa-f]{2}){43,})",
    ),
    shape(
        "a Microsoft Entra client secret",
        _GITHUB + "Azure Active Directory Application Secret",
        "q~",
        r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}"
        r"(?![A-Za-z0-9_~.-])",
    ),
    shape(
        "a Google API key",
        "Google, Manage API keys; Using Gemini API keys (AQ. since 2026)",
        "aiza aq.ab",
        start("AIza")
        + r"[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])|"
        + start(r"AQ\.Ab")
        + r"[A-Za-z0-9_-]{30,}",
    ),
    shape(
        "a Google OAuth secret",
        _GITHUB + "Google (OAuth client secret and access token)",
        "gocspx- ya29.",
        r"(?:GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9._-]{30,})",
    ),
    shape(
        "a DigitalOcean token",
        "DigitalOcean, Personal access tokens: dop_v1_, doo_v1_, dor_v1_",
        "dop_v1_ doo_v1_ dor_v1_",
        r"do[opr]_v1_[a-f0-9]{64}",
    ),
    shape(
        "a Heroku API key",
        "Heroku, Platform API: authentication (older keys are UUIDs: by the name)",
        "heroku",
        r"(?i:heroku)[\w.-]{0,20}" + IS + _QUOTE + rf"({_UUID})",
        in_context=True,
    ),
    shape(
        "a Heroku API key",
        _GITHUB + "Heroku",
        "hrku-",
        r"HRKU-[A-Za-z0-9_-]{36,}",
    ),
    shape(
        "a Databricks token",
        _GITHUB + "Databricks",
        "dapi",
        start("dapi") + r"[0-9a-f]{32}(?![0-9A-Za-z])(?:-\d)?",
    ),
    shape(
        "a HashiCorp token",
        "HashiCorp, Vault: tokens (hvs., hvb., hvr.); GitHub: HashiCorp",
        "hvs. hvb. hvr. .atlasv1.",
        start(r"hv[sbr]\.") + r"[A-Za-z0-9_-]{24,}"
        r"|(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}",
    ),
    shape(
        "a Doppler token",
        "Doppler, Auth token formats",
        "dp.ct. dp.pt. dp.sa. dp.st. dp.scim. dp.audit.",
        start(r"dp\.") + r"(?:ct|pt|sa|scim|audit|st(?:\.[a-z0-9_-]{2,35})?)"
        r"\.[A-Za-z0-9]{40,}",
    ),
)
_CODE = (
    shape(
        "a GitHub token",
        "GitHub, About authentication to GitHub: token formats; changelog 2026-05-15",
        "ghp_ gho_ ghu_ ghr_ ghs_ github_pat_",
        r"(?:gh[pour]_[A-Za-z0-9_]{30,}|ghs_[A-Za-z0-9._-]{30,}"
        r"|github_pat_[A-Za-z0-9_]{50,})",
    ),
    shape(
        "a GitLab token",
        "GitLab, Token overview: token prefixes",
        "glpat- gloas- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- "
        "glsoat- glffct- glwt-",
        r"gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-"
        r"[A-Za-z0-9_.=-]{20,}",
    ),
    shape(
        "an npm token",
        "npm, About access tokens; GitHub: npm",
        "npm_",
        r"npm_[A-Za-z0-9]{36}",
    ),
    shape(
        "a package registry token",
        "npm, npmrc: auth related configuration",
        ":_authtoken= :_password= :_auth=",
        r"(?i::_authToken|:_password|:_auth)=\"?([^\s$\"'{}«»]{16,})",
    ),
    shape(
        "a PyPI token",
        "PyPI help: how can I use API tokens; the macaroon begins with its version",
        "pypi-age",
        r"pypi-AgE[A-Za-z0-9_-]{50,}",
    ),
)
_MODELS = (
    shape(
        "an Anthropic API key",
        _GITHUB + "anthropic_api_key, anthropic_admin_api_key, anthropic_session_id",
        "sk-ant-",
        r"sk-ant-[A-Za-z0-9_-]{20,}",
    ),
    shape(
        "an OpenAI API key",
        _GITHUB + "OpenAI (sk-proj-, sk-svcacct-, sk-admin-, 48 letters)",
        "sk-",
        start("sk-") + r"(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}"
        r"|[A-Za-z0-9]{40,})",
    ),
    shape(
        "an OpenRouter API key",
        "OpenRouter, API reference: authentication",
        "sk-or-",
        r"sk-or-v\d-[0-9a-f]{64}",
    ),
    shape(
        "a Hugging Face token",
        "Hugging Face, User access tokens; GitHub: Hugging Face",
        "hf_ api_org_",
        start("hf_") + r"[A-Za-z0-9]{30,}|api_org_[A-Za-z0-9]{30,}",
    ),
)
_SERVICES = (
    shape(
        "a Slack token",
        "Slack, Token types; GitHub: Slack",
        "xoxa- xoxb- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp-",
        r"(?:xox[abeoprs][-.](?:xox[bp]-)?|xapp-)\d[A-Za-z0-9-]{17,}",
    ),
    shape(
        "a Slack webhook address",
        "Slack, Sending messages using incoming webhooks",
        "hooks.slack",
        r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/"
        r"([A-Za-z0-9+/_-]{20,})",
    ),
    shape(
        "a Discord webhook address",
        "Discord, Webhook resource",
        "/api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/\d{17,20}/([A-Za-z0-9_-]{50,})",
    ),
    shape(
        "a Discord bot token",
        "Discord, API reference: authentication (it begins with an ID in base64)",
        "discord bot token .run( .login(",
        start("[MNO][DTjz][AEIMQUYcgk][w-z0-5]", IN_BASE64)
        + r"(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){4}[A-Za-z0-9_-]{3,7}"
        r"\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}",
    ),
    shape(
        "a Teams webhook address",
        "Microsoft, Create incoming webhooks",
        "webhook.office.com/webhookb2/",
        r"webhook\.office\.com/webhookb2/"
        r"([0-9a-f@-]{36,80}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36})",
    ),
    shape(
        "a Telegram bot token",
        "Telegram, Bot API: authorizing your bot",
        ":aa",
        r"(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])",
    ),
    shape(
        "a Stripe live key",
        "Stripe, API keys",
        "sk_live_ rk_live_",
        r"(?:sk|rk)_live_[A-Za-z0-9]{16,}",
    ),
    shape(
        Kind("a Stripe test key", Weight.QUIET),
        "Stripe, API keys: it moves no money",
        "sk_test_ rk_test_",
        r"(?:sk|rk)_test_[A-Za-z0-9]{16,}",
    ),
    shape(
        "a Stripe webhook secret",
        _GITHUB + "Stripe (webhook signing secret)",
        "whsec_",
        r"whsec_[A-Za-z0-9+/]{32,}",
    ),
    shape(
        "a Square token",
        _GITHUB + "Square",
        "eaaa sq0atp- sq0csp-",
        "(?:" + start("EAAA", IN_BASE64) + r"[A-Za-z0-9_-]{60}"
        r"|sq0atp-[A-Za-z0-9_-]{22}|sq0csp-[A-Za-z0-9_-]{43})(?![A-Za-z0-9_+/=-])",
    ),
    shape(
        "a Shopify token",
        "Shopify changelog: length of the access token; GitHub: Shopify",
        "shpat_ shpca_ shppa_ shpss_",
        r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}",
    ),
    shape(
        "a SendGrid API key",
        _GITHUB + "SendGrid",
        "sg.",
        start(r"SG\.") + r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,}",
    ),
    shape(
        Kind("a Twilio API key ID", Weight.LIKELY, _HALF),
        "Twilio, API keys: the SID begins with SK (asked for beside Twilio's name)",
        "twilio",
        start("SK") + r"[0-9a-f]{32}(?![A-Za-z0-9])",
    ),
    shape(
        "a Twilio auth token",
        "Twilio, Auth tokens: 32 hex digits, beside an account SID or a name",
        "twilio client(",
        r"(?:(?i:twilio)[\w.-]{0,20}?(?i:token|secret|auth)" + IS + _QUOTE
        + r"|(?<![A-Za-z0-9])AC[0-9a-f]{32}[\"'`]?[ \t]{0,4}[,:][ \t]{0,4}[\"'`]?)"
        r"([0-9a-f]{32})(?![0-9A-Za-z])",
        in_context=True,
    ),
    shape(
        "a Mailgun API key",
        _GITHUB + "Mailgun",
        "key- mailgun",
        start("key-") + r"[0-9a-f]{32}(?![0-9A-Za-z])",
    ),
    shape(
        "a Mailgun API key",
        "Mailgun, API keys: 32, 8 and 8 hex digits",
        "mailgun",
        r"(?i:mailgun)[\w.-]{0,20}" + IS + _QUOTE
        + r"([0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})(?![0-9A-Za-z])",
        in_context=True,
    ),
)  # fmt: skip

VENDOR_TOKENS = (*_CLOUD, *_CODE, *_MODELS, *_SERVICES)
