"""Which names are worth following: those that do not stand for anything."""

NAME_LENGTHS = range(3, 81)
"""Characters of a name that is worth a search."""
_COMMON = """
    add all any append apply args call check clean clear client close code config
    content context copy count create data date default delete description downgrade
    end error event events execute exit fields filter find first format from func
    get handle handler help host id index info init init_app input insert item items
    job jobs join key keys kind kwargs last len line list load log logger main map
    match max message meta method min mode model models module name new next none
    null objects open options order output params parse path pop port pos post print
    process put query queue read remove render request reset resource resources
    response result run save self send server session set setup size sort start
    state status stop str string sub sum task tasks test text time title type types
    update upgrade uri url user value values verbose version view width worker
    wrapper write
    Base Config Form Meta Migration Mixin Model Serializer View
"""
COMMON = frozenset(_COMMON.split())
"""Names that stand for anything: where they are used tells nothing."""
_GENERIC = """
    object ABC Generic Protocol Exception Enum IntEnum StrEnum NamedTuple TypedDict
    BaseModel TestCase APIView Command BaseCommand ModelSerializer AppConfig ModelAdmin
    dict list str int
"""
GENERIC = COMMON | frozenset(_GENERIC.split())
"""Base classes that make no kin of their subclasses."""


def is_telling(name: str) -> bool:
    """Whether a search for a name says something: not a common or a special one."""
    if len(name) not in NAME_LENGTHS or (name.startswith("__") and name.endswith("__")):
        return False
    is_short = name.isupper() and name.lower() in COMMON
    return name not in COMMON and not is_short
