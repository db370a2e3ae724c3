"""The words by which a text talks to a machine that reviews, as expressions.

All of them are held against lower-case text on one line; none looks further than a
sentence, so that they take linear time.
"""

import re2

_MACHINE = (
    r"(?:(?:ai|llm|gpt|ml)[\s-]+(?:powered\s+|based\s+|driven\s+)?(?:code[\s-]+|pr[\s-]+)?"
    r"(?:review\w*|agents?|assistants?|models?|bots?|tools?|systems?)(?:\s+(?:bots?|tools?))?"
    r"|automat(?:ed|ic)\s+(?:code[\s-]+|pr[\s-]+)?review\w*(?:\s+(?:bots?|tools?))?"
    r"|review(?:ing)?[\s-]+(?:bots?|agents?|models?|assistants?|machines?)"
    r"|architect[\s-]+review(?:er)?|language\s+models?|llms?|chatgpt|claude|copilot"
    r"|gemini|bots?|machines?|ais?)\b"
)
_REVIEWER = r"(?:the\s+|any\s+|all\s+|our\s+|you,?\s+)?(?:\w+\s+){0,2}?reviewers?\b"
_ANY = r"(?:the\s+|any\s+|all\s+|every\s+|our\s+|whichever\s+|whatever\s+)?"
_TO = (
    r"\b(?:notes?|messages?|instructions?|notices?|reminders?|hints?|memo|outputs?)"
    r"\s+(?:to|for)\s+"
)
_HAIL = r"\b(?:dear|hey|hi|hello|attention)[\s,:]+"

OVERRIDING = re2.compile(
    r"\b(?:ignor(?:e|ing)|disregard|forget|overrule|override|bypass)\b[^.]{0,40}?"
    r"\b(?:previous|prior|above|earlier|preceding|foregoing|system|original|your"
    r"|all(?:\s+of)?(?:\s+the)?(?:\s+other)?)\s[^.]{0,30}?"
    r"\b(?:instructions?|guidelines?|directives?|directions)\b"
    r"|\b(?:ignor(?:e|ing)|disregard|forget)\b[^.]{0,30}?"
    r"\b(?:previous|prior|earlier|preceding|system|your)\s[^.]{0,20}?"
    r"\b(?:prompts?|rules|context|briefing)\b"
    r"|\b(?:ignorier(?:e|t|en)|vergiss|vergessen\s+sie|missacht(?:e|en))\b[^.]{0,40}"
    r"\b(?:anweisung|vorgabe|instruktion)"
    r"|\b(?:ignore[rz]?|oublie[rz]?|tenez|tiens)\b[^.]{0,30}"
    r"\b(?:instructions|consignes|directives)\s+(?:pr.c.dentes|ant.rieures|ci-dessus)"
    r"|\b(?:ignor[ae]n?|olvid[ae]n?|dimentica)\b[^.]{0,30}"
    r"\b(?:instrucciones|istruzioni|indicazioni)"
    r"|\bcaso\s+omiso\b[^.]{0,30}\binstrucciones"
    r"|\b(?:ignor(?:e|ar?)|desconsidere|esque.a)\b[^.]{0,30}\b(?:instru..es|instrucoes)"
    r"|\bnegeer\b[^.]{0,30}\binstructies|\bzignoruj\b[^.]{0,30}\b(?:instrukcje|polecenia)"
    r"|(?:игнорируй|забудь)\S*\s[^.]{0,40}(?:инструкц|указани|правил)"
    r"|(?:忽略|无视|忘记|忘掉|無視)[^。]{0,15}"
    r"(?:指令|指示|说明|說明|提示|規則|规则|命令)"
    r"|(?:指示|命令|指令|プロンプト)(?:は|を)[^。]{0,8}(?:無視|忘れ)"
    r"|지시[^.]{0,10}무시|무시[^.]{0,10}지시"
    r"|تجاهل[^.]{0,30}(?:تعليمات|التعليمات)|התעלם[^.]{0,20}הוראות"
)
"""An order to drop the orders: reason enough by itself."""

MACHINE = re2.compile(
    rf"{_TO}{_ANY}{_MACHINE}|{_HAIL}{_ANY}{_MACHINE}"
    rf"|\b(?:if|since|because|as)\s+(?:you\s+are|you're)\s+(?:an?\s+|the\s+)?{_MACHINE}"
    rf"|\bas\s+(?:an?|the)\s+{_MACHINE}[\s,]+you\b"
    r"|(?:^|[\s#/*>!(\"'])(?:ai|llm|automated|automatic)[\s-]+(?:code[\s-]+)?"
    r"(?:review\w*|assistants?|agents?|models?)\s?[:,—]\s"
)
"""Speaks to a machine that reads."""

INSTRUCTING = re2.compile(
    r"<\|?(?:im_start|im_end|system|assistant|end_of_turn|eot_id)\b|\[/?(?:inst|sys|system)\]"
    r"|(?:^|[\s#>\"'}])(?:system|assistant|developer)"
    r"(?:\s+(?:message|prompt|note|override|update|notice))?\s?\"?:\s"
    r"|\"role\"\s?:\s?\"(?:system|assistant|developer|tool)\""
    r"|</?(?:system|assistant|user_input|tool_result|function_results|untrusted"
    r"|instructions?|pull_request|material)\b"
)
"""Speaks as if it were the one who instructs a machine."""

REVIEWER = re2.compile(
    rf"{_TO}{_REVIEWER}|{_HAIL}{_REVIEWER}"
    r"|(?:^|[\s#/*>!(\"'])(?:code\s+|pr\s+)?reviewers?\s?[:,—]\s"
    rf"|\b(?:if|since|as)\s+(?:you\s+are|you're)\s+(?:an?\s+|the\s+)?{_REVIEWER}"
)
"""Speaks to whoever reviews, who may be a person."""

_CHANGE = (
    r"(?:pr|prs|pull\s+requests?|merge\s+requests?|changes?|changeset|diffs?|commits?"
    r"|patch(?:es)?|file|code|module)\b"
)
_OUTCOME = (
    rf"\b(?:approve|accept|merge|wave\s+through|sign\s+off\s+on)\s+"
    rf"(?:(?:of\s+)?(?:this|the|these|my|all|every|whole|entire|it)\s*){{1,3}}{_CHANGE}"
    r"|\b(?:approve|accept)\s+(?:it|everything)\b|\bapprove\s+(?:immediately|now|at\s+once)"
    r"|\bno\s+(?:new\s+)?findings?\b|\bfindings?\b[^.]{0,20}(?:\bempty\b|\bnone\b|\[\s*\])"
    r"|\b(?:mark|treat|consider|rate|classify)\s+(?:\w+\s+){1,3}as\s+(?:an?\s+)?"
    r"(?:approved|safe|clean|minor|trivial|reviewed|resolved|fixed|low|harmless"
    r"|fine)\b"
    r"|\bset\s+(?:the\s+|your\s+|its\s+)?"
    r"(?:verdict|change[_ ]size|conclusion|severity)\b"
    r"|\b\"?(?:change_size|verdict)\"?\s?[:=]\s?\"?(?:none|minor|clean|approved?)\b"
    r"|\b(?:needs?|requires?)\s+no\s+"
    r"(?:further\s+|more\s+|architectur\w+\s+)?review\b"
)
OUTCOME = re2.compile(_OUTCOME)
"""Says how a review is to end."""

ANSWER = re2.compile(
    _OUTCOME
    + r"|\b(?:report|return|output|give|produce|emit|list|write|answer|reply|respond"
    r"|say|post)\b(?:\s+with)?(?:\s+that\s+there\s+(?:are|is))?(?:\s+(?:exactly|only|just))?"
    r"\s+(?:no|zero|0|nothing|none|an\s+empty|empty|\"?approved|\"?lgtm|\"?clean)\b"
)
"""Says that, or to answer with nothing."""

ORDER = re2.compile(
    r"\b(?:do\s+not|don't|dont|never|must\s+not|without|refrain\s+from|stop|avoid)\s+"
    r"(?:to\s+)?(?:report|flag|rais|mention|tag|notify|alert|tell|ping|escalat|comment"
    r"|review|read|check)\w*"
    r"|\b(?:skip|ignore|omit|overlook|suppress|withhold|approve|lgtm|obey|comply)\b"
    r"|\blooks?\s+good\b|\b(?:already|previously)\s+(?:been\s+)?(?:reviewed|approved"
    r"|audited|vetted|cleared)\b|\bnot\s+(?:a\s+)?major\b"
    r"|\b(?:reveal|print|repeat|send|post|append|disclose|include|translate)\b[^.]{0,40}"
    r"\b(?:prompt|key|token|secret|instructions|password|environment)"
    r"|\b(?:your\s+(?:new\s+)?(?:task|role|instructions?|rules)|new\s+instructions)\b"
    r"|\b(?:you\s+are\s+now|from\s+now\s+on|act\s+as)\b"
)
"""Says what to do, to somebody who reviews or who does anything."""

FORGED = re2.compile(
    r"<!--\s*architect-(?:review|audit):\w+\s+v\d"
    r"|\"(?:signals_found_by_code|discussion_so_far|all_changed_files)\"\s?:\s?\["
    r"|\"change_size\"\s?:\s?\"(?:none|minor|major)"
)
"""Imitates what this program writes: its hidden marks, its material, an answer."""

KEYS = {
    OVERRIDING: (
        *("ignor", "disregard", "forget", "overrule", "override", "bypass", "olvid"),
        *("vergiss", "vergessen", "missacht", "oubli", "tenez", "tiens", "omiso"),
        *("dimentica", "desconsidere", "esque", "negeer", "игнорируй", "забудь"),
        *("忽略", "无视", "忘", "無視", "무시", "تجاهل", "התעלם"),
    ),
    FORGED: (
        "architect-",
        "signals_found",
        "discussion_so",
        "all_changed",
        "change_si",
    ),
    MACHINE: (
        *("ai", "llm", "gpt", "automat", "review", "language model", "claude"),
        *("copilot", "gemini", "bot", "machine"),
    ),
    INSTRUCTING: (
        *("<|", "[inst", "[/inst", "[sys", '"role', "system", "assistant"),
        *("developer", "tool_result", "function_results", "user_input", "untrusted"),
        *("<instruction", "</instruction", "pull_request>", "material>"),
    ),
    REVIEWER: ("reviewer",),
}
"""For each of them words of which one stands in every text that it fits."""
