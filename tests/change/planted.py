"""Secrets that look real and are nobody's, put together while the tests run.

No line of a file may hold one whole: a secret scanner would stop the push.
"""

import random
from dataclasses import dataclass

ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
BASE64 = ALNUM + "+/"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
HEX = "0123456789abcdef"
WORDY = ALNUM + "-_"


def body(size: int, letters: str = ALNUM, seed: int = 0) -> str:
    """Random characters, the same ones each time; every third is a digit or so."""
    draw = random.Random(f"{size} {letters} {seed}")
    text = [draw.choice(letters) for _ in range(size)]
    digits = [each for each in letters if each.isdigit()]
    for at in range(2, size, 5):
        text[at] = draw.choice(digits)
    return "".join(text)


def uuid() -> str:
    return "-".join(body(size, HEX) for size in (8, 4, 4, 4, 12))


@dataclass(frozen=True, slots=True)
class Row:
    """A secret of a kind on its line, and a line that only comes near."""

    kind: str
    before: str
    secret: str
    after: str
    near: str

    @property
    def line(self) -> str:
        return self.before + self.secret + self.after

    @property
    def redacted(self) -> str:
        return f"{self.before}«redacted:{self.kind}»{self.after}"


DISCORD_ID = "MTk4" + "NjIy" + "NDgz" + "NDcx" + "OTI1" + "MjQ4"
DER = "MIIEvQIBADAN" + "BgkqhkiG9w0BAQEF"
BEGIN = "-----BEGIN " + "PRIVATE KEY-----"
END = "-----END " + "PRIVATE KEY-----"
TEAMS = f"{uuid()}@{uuid()}/IncomingWebhook/{body(32, HEX)}/{uuid()}"

ROWS = (
    Row("aws-access-key-id", 'id = "', "AK" + "IA" + body(16, BASE32), '"',
        'id = "AK' + 'IAIOSFODNN7EXAMPLE"'),
    Row("aws-secret-access-key", "aws_secret_access_key = ", body(40, BASE64), "",
        f"aws_secret_access_key_sha1 = {body(40, HEX)}"),
    Row("aws-secret-access-key", '"secretAccessKey": "', body(40, BASE64, 1), '",',
        '"secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCY' + 'EXAMPLEKEY",'),
    Row("amazon-bedrock-api-key", "KEY=", "ABSK" + body(128, BASE64), "",
        "ABSK" + body(40)),
    Row("azure-storage-key", "AccountName=a;AccountKey=", body(86, BASE64) + "==",
        ";EndpointSuffix=core.windows.net",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlm" + body(62, BASE64) + "=="),
    Row("azure-shared-access-key", "Endpoint=sb://x/;SharedAccessKey=",
        body(43, BASE64) + "=", '"', "SharedAccessKey=<key>"),
    Row("azure-sas-signature", "https://a.blob.core.windows.net/c?sv=2024&sig=",
        body(42, ALNUM) + "%2B%3D", "&se=2026", "https://a.test/?sig=abc123&b=2"),
    Row("microsoft-entra-client-secret", "AZ=", "abc8Q~" + body(34), "",
        "abc8Q~" + body(12)),
    Row("google-api-key", "key: '", "AI" + "za" + body(35, WORDY), "'",
        "AI" + "za" + body(20)),
    Row("google-api-key", "key: '", "AQ" + ".Ab" + body(48, WORDY), "'", "AQ.About it"),
    Row("google-oauth-secret", "", "GOC" + "SPX-" + body(28, WORDY), "",
        "GOCSPX-<secret>"),
    Row("digitalocean-token", "do ", "dop_" + "v1_" + body(64, HEX), " x",
        "dop_v1_" + body(30, HEX)),
    Row("heroku-api-key", 'HEROKU_API_KEY="', uuid(), '"', f'REQUEST_ID="{uuid()}"'),
    Row("heroku-api-key", "x ", "HRKU-" + body(60, WORDY), "", "HRKU-1"),
    Row("databricks-token", "host ", "da" + "pi" + body(32, HEX), "",
        "dapi" + body(31, HEX) + "zz"),
    Row("hashicorp-token", "vault login ", "hv" + "s." + body(40, WORDY), "",
        "nhvs.internal.example"),
    Row("hashicorp-token", "credentials ",
        body(14) + ".atlas" + "v1." + body(67, WORDY), "", "a.atlasv1.b"),
    Row("doppler-token", "doppler ", "dp." + "st.dev." + body(43), "",
        "dp.st.dev.config"),
    Row("github-token", "curl -u x:", "gh" + "p_" + body(36), " u", "ghp_" + body(12)),
    Row("github-token", "T=", "gh" + "s_" + f"1_{body(60)}.{body(300)}.{body(86)}", "",
        "ghs_token_goes_here"),
    Row("github-token", "T=", "github_" + "pat_" + body(22) + "_" + body(59), "",
        "github_pat_11" + "X" * 70),
    Row("gitlab-token", "T: ", "gl" + "pat-" + body(20, WORDY), "", "glpat-<yours>"),
    Row("npm-token", "", "npm" + "_" + body(36), "",
        "npm_config_registry_and_other_settings_of_it"),
    Row("package-registry-token", "//npm.test/:_authToken=", uuid(), "",
        "//npm.test/:_authToken=${NPM_TOKEN_OF_THE_TEAM}"),
    Row("pypi-token", "password = ", "py" + "pi-AgE" + body(160, WORDY), "",
        "pypi-AgEnda"),
    Row("anthropic-api-key", "key=", "sk-" + "ant-api03-" + body(93, WORDY) + "AA", "",
        "key=sk-ant-api03-" + "x" * 95),
    Row("openai-api-key", "key=", "sk-" + "proj-" + body(150, WORDY), "",
        "class='sk-circle-fade-dot task-list sk-project-item'"),
    Row("openai-api-key", "key=", "sk-" + body(20) + "T3Blbk" + "FJ" + body(20), "",
        "ask-" + body(48)),
    Row("openrouter-api-key", "key=", "sk-" + "or-v1-" + body(64, HEX), "",
        "sk-or-v1-abc"),
    Row("hugging-face-token", "login('", "h" + "f_" + body(34), "')",
        "hf_hub_download_with_retries_and_more()"),
    Row("slack-token", "", "xo" + "xb-" + body(12, "0123456789") + "-"
        + body(12, "0123456789") + "-" + body(24), "", "xoxb-your-token-here-please"),
    Row("slack-webhook-address", "https://hooks." + "slack.com/services/",
        f"T{body(10)}/B{body(10)}/{body(24)}", "",
        "https://hooks.slack.com/services/T000/B000/XXXX"),
    Row("discord-webhook-address",
        "https://discord.com/api/" + "webhooks/" + body(18, "0123456789") + "/",
        body(68, WORDY), "", "https://discord.com/api/webhooks/{id}/{token}"),
    Row("discord-bot-token", "bot.run('",
        DISCORD_ID + "." + body(6) + "." + body(38, WORDY), "')",
        "bot.run(settings.token_of_the_bot.for_us.and_for_everybody_else_here)"),
    Row("teams-webhook-address", "https://a.webhook.office." + "com/webhookb2/",
        TEAMS, "", "https://a.webhook.office.com/webhookb2/<your hook>"),
    Row("telegram-bot-token", "https://api.telegram.org/bot",
        body(10, "123456789") + ":" + "AA" + body(33, WORDY), "/getMe",
        "12:34:56:AAA"),
    Row("stripe-live-key", "stripe.api_key = '", "sk_" + "live_" + body(24), "'",
        "stripe.api_key = 'sk_live_" + "x" * 24 + "'"),
    Row("stripe-test-key", "", "sk_" + "test_" + body(24), "", "sk_test_123"),
    Row("stripe-webhook-secret", "", "whs" + "ec_" + body(32), "", "whsec_abc"),
    Row("square-token", "S=", "EA" + "AA" + body(60, WORDY), "", "EAAAabc"),
    Row("shopify-token", "", "shp" + "at_" + body(32, HEX), "", "shpat_abc"),
    Row("sendgrid-api-key", "k ", "S" + "G." + body(22) + "." + body(43, WORDY), "",
        "SG.Client.send(message)"),
    Row("twilio-api-key-id", "twilio ", "S" + "K" + body(32, HEX), "", "twilio SK12"),
    Row("twilio-auth-token", "TWILIO_AUTH_TOKEN=", body(32, HEX), "",
        f"md5 = {body(32, HEX)}"),
    Row("twilio-auth-token", f"Client('AC{body(32, HEX)}', '", body(32, HEX, 1), "')",
        f"Client('AC{body(32, HEX)}', token)"),
    Row("mailgun-api-key", "auth=('api', '", "key" + "-" + body(32, HEX), "')",
        "<li key-" + body(31, HEX) + "z>"),
    Row("mailgun-api-key", "MAILGUN_KEY=",
        f"{body(32, HEX)}-{body(8, HEX)}-{body(8, HEX, 1)}", "", f"id={uuid()}"),
    Row("json-web-token", "x = '",
        "ey" + "J" + body(30) + ".ey" + "J" + body(60) + "." + body(43, WORDY), "'",
        "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + body(43)),
    Row("age-secret-key", "", "AGE-SECRET-" + "KEY-1" + body(58, BASE32), "",
        "AGE-SECRET-KEY-1..."),
    Row("private-key", f'"private_key": "{BEGIN}\\n', DER + body(900, BASE64)
        + "\\n" + body(64, BASE64) + "\\n", f'{END}\\n",',
        f'if text.startswith("{BEGIN}") or text.startswith("ssh-rsa"):'),
    Row("private-key", "JWT_KEY=", DER + body(900, BASE64), "",
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"),
    Row("private-key", "", "b3BlbnNzaC1r" + "ZXktdjEAAAAABG5vbmU" + body(39), "",
        "b3BlbnNzaC1rZXktdjE="),
    Row("password-in-an-address", "DATABASE_URL=postgres://shop:", body(14),
        "@db.internal:5432/shop", "DATABASE_URL=postgres://shop:${PW}@db.internal/shop"),
    Row("password-in-an-address", "redis://:", body(20), "@cache:6379/0",
        "postgres://postgres:Postgres1!@db/x"),
    Row("local-password", "url: mysql://shop:", body(14), "@127.0.0.1/shop",
        "postgres://user:user@localhost/x"),
    Row("password-in-an-address", "smtp://me@x.test:", body(14), "@mail.test",
        f"docker://nginx:1.25.3@sha256:{body(64, HEX)}"),
    Row("authorization-header", "-H 'Authorization: Bearer ", body(40), "'",
        "-H 'Authorization: Bearer $TOKEN_OF_THE_TEAM_2'"),
    Row("hard-coded-secret", 'password = "', "Tr0ub4dor" + "&3", '"',
        'password = "Enter your password, 8 characters"'),
    Row("hard-coded-secret", "os.environ['DB_PASSWORD'] = '", body(20), "'",
        "password = os.environ['DB_PASSWORD_2']"),
    Row("hard-coded-secret", "  client_secret: ", body(32), "  # x",
        "  client_secret: ${{ secrets.CLIENT_SECRET_2 }}"),
    Row("hard-coded-secret", "const apiKey: string = `", body(32, HEX), "`;",
        "const apiKey: string = process.env.API_KEY_V2;"),
    Row("hard-coded-secret", "<password>", body(18), "</password>",
        "<password>{{ vault.password_3 }}</password>"),
    Row("hard-coded-secret", "Server=db;Password=", "Sup3r" + "S3cr!", ";User Id=sa",
        "Server=db;Password=changeme1;User Id=sa"),
    Row("hard-coded-secret", '#define WIFI_PASSWORD "', "S3cr3t" + "!pass9", '"',
        '#define PASSWORD_LENGTH "16"'),
    Row("hard-coded-secret", "STRIPE_KEY=", body(30), "", "PRIMARY_KEY=created_at_2"),
    Row("base64-block", '    "', body(64, BASE64), '\\n" +', body(64, HEX)),
    Row("base64-block", "", body(70, BASE64), "\r", "A" * 70),
)  # fmt: skip
"""One row at least for every shape."""

LEFT_ALONE = (
    "",
    "xoxb- ghp_ sk_live_ AKIA hf_ -----BEGIN",
    BEGIN,
    "password = 'changeme'",
    "password: hunter2",
    "token: <token>",
    "token = get_token(user2, attempt=1)",
    "secret: my-app-database-credentials-v2",
    "secret: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-Ab12Cd",
    "password = random_password.database2.result",
    "next_token = '" + body(40) + "'",
    "token_sha256 = '" + body(64, HEX) + "'",
    f'"integrity": "sha512-{body(86, BASE64)}==",',
    f"    --hash=sha256:{body(64, HEX)} \\",
    f"example.com/mod v1.2.3 h1:{body(43, BASE64)}=",
    f'checksum = "{body(64, HEX)}"',
    body(40, HEX) + "  refs/heads/main",
    f"background: url(data:image/png;base64,{body(400, BASE64)})",
    f"iVBORw0KGgo{body(65, BASE64)}",
    f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA{body(48, BASE64)} me@host",
    "VeryLongEnumerationConstantOfSixtyFourCharactersWithoutAnyMeaning",
    "https://user@github.com/o/r",
    "git@github.com:o/r.git",
    "https://host:8080/@scope/package",
    "hashed_token = utf8_to_utf16_duplicate(v)",
)
"""Lines without a secret."""
