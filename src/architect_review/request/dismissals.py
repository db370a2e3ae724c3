"""Whether a reply in a finding's thread settles the finding.

Conservative: an answer that is not understood as a dismissal is a conversation, one
that is wrongly taken for it silences a finding.
"""

import re

from architect_review.request.spoken import said

READ_LIMIT = 2_000
"""Characters of a reply, with its quotations; a longer one is an argument."""
ANSWER_LIMIT = 300
"""Characters of what a reply itself says."""

_WONT = r"(?:wontfix|won'?t[ -]fix|will not fix)"
_PHRASE = (
    rf"(?:(?:(?:we|i) )?{_WONT}(?: this| it| that)?|(?:as|by) design(?:ed)?"
    r"|as intended|intended|intentional|not an? (?:problem|issue)"
    r"|(?:an )?(?:acceptable|accepted) risk)"
)
_LEAD_IN = (
    r"(?:@[\w-]+[,:]? )?"
    r"(?:(?:(?:this|that|it) (?:is|was|works)|(?:it|that)'s|works|working) )?"
)
_TAIL = r"(?: behaviou?r)?(?: here| for us| for now)?(?: (?:because|since) .*)?"
_SENTENCE = re.compile(rf"{_LEAD_IN}{_PHRASE}{_TAIL}")
_OPENING = re.compile(rf"{_LEAD_IN}{_PHRASE}{_TAIL}(?:[,;:]| [-\u2013\u2014] )")
_ENDS = re.compile(r"(?<=[.!])\s+(?=[A-Z])|\n{2,}")
"""A capital begins a sentence: "not ... by design" is one."""
_DOUBT = re.compile(
    r"\?|\b(?:but|however|although|though|unless|until|maybe|perhaps|probably|disagree"
    r"|(?:i|we)(?:'ll|'d| will(?! not)| can| could| should)|will (?:be|change|do)"
    r"|fixed|fixing|good catch|you(?: are|'re) right|not a problem,? thanks?)\b"
)
_QUOTES = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')


def means_dismissal(text: str) -> bool:
    """Whether a short plain reply says that nothing is going to be changed.

    It does when a sentence of its own words is "won't fix", "wontfix", "by design",
    "as designed", "intended", "not a problem", "acceptable risk" or the like, or when
    it begins with one of them and gives the reason. Doubts, questions and promises
    ("not a problem, I'll fix it") mean no dismissal; neither does what is quoted, code
    or a negation ("this is not by design").
    """
    if len(text) > READ_LIMIT:
        return False
    answer = said(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    answer = answer.replace("*", "").strip()
    if len(answer) > ANSWER_LIMIT or _DOUBT.search(answer.lower()):
        return False
    sentences = [" ".join(each.lower().split()) for each in _ENDS.split(answer)]
    if _OPENING.match(sentences[0]):
        return True
    for sentence in sentences:
        if not _QUOTES.isdisjoint(sentence):
            return False
        if _SENTENCE.fullmatch(sentence.rstrip(".! ")):
            return True
    return False
