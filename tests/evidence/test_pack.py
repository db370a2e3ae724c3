"""The pack holds what stands outside the diff and belongs to it, and little else."""

import json

from change.planted import body
from evidence.packing import excerpts, pack_of, padded, reasons, shown

TIMEOUT = {"app/defaults.py": "POOL_TIMEOUT = 5\n"}
READER = """\
from app.defaults import POOL_TIMEOUT


def wait(connection):
    started = now()
    return connection.poll(POOL_TIMEOUT * 2)
"""


def test_another_reader_of_a_changed_default_in_an_unchanged_file_is_shown() -> None:
    rest = {"app/net/socket.py": READER}

    pack = pack_of(TIMEOUT | rest, {"app/defaults.py": "POOL_TIMEOUT = 60\n"} | rest)

    assert "uses `POOL_TIMEOUT`, whose value changed @ app/net/socket.py" in reasons(
        pack
    )
    assert "def wait(connection):" in shown(pack, "app/net/socket.py")
    assert "connection.poll(POOL_TIMEOUT * 2)" in shown(pack, "app/net/socket.py")
    assert list(pack.of) == ["app/defaults.py"]


def test_another_place_that_sets_a_changed_default_is_shown() -> None:
    rest = {"app/net/socket.py": "POOL_TIMEOUT = 5\n"}

    pack = pack_of(TIMEOUT | rest, {"app/defaults.py": "POOL_TIMEOUT = 60\n"} | rest)

    assert reasons(pack) == [
        "also sets `POOL_TIMEOUT`, whose value changed @ app/net/socket.py"
    ]


CLASS = """\
class Store:
    def fetch_all(self, key):
        return self.rows[key]
"""
NEW_CLASS = CLASS.replace("key):", "key, limit):").replace("[key]", "[key][:limit]")
CALLER = """\
def report(store):
    title = "Report"
    for row in store.fetch_all("users"):
        print(title, row)
"""


def test_callers_of_a_changed_signature_are_shown_with_the_head_they_are_in() -> None:
    rest = {"app/report.py": CALLER, "tests/test_store.py": CALLER}

    pack = pack_of({"app/store.py": CLASS} | rest, {"app/store.py": NEW_CLASS} | rest)

    assert reasons(pack) == [
        "calls `Store.fetch_all`, whose signature changed @ app/report.py",
        "a test names `fetch_all`, whose signature changed @ tests/test_store.py",
    ]
    assert excerpts(pack)[0]["at"] == "app/report.py:1-4"
    assert excerpts(pack)[0]["lines"][0] == "    1 def report(store):"
    assert excerpts(pack)[0]["side"] == "after"


def test_a_constructor_is_called_by_its_class() -> None:
    before = "class Queue:\n    def __init__(self, name):\n        self.n = name\n"
    after = before.replace("name)", "name, limit=None)")
    rest = {"app/jobs.py": "from app.q import Queue\n\njobs = Queue('jobs')\n"}

    pack = pack_of({"app/q.py": before} | rest, {"app/q.py": after} | rest)

    assert "calls `Queue`, whose signature changed @ app/jobs.py" in reasons(pack)


def test_a_decorator_that_is_new_is_a_changed_signature() -> None:
    before = {"app/a.py": "def policy_of(view):\n    return load(view)\n"}
    after = {"app/a.py": "@lru_cache\n" + before["app/a.py"]}
    rest = {"app/b.py": "def check(view):\n    return policy_of(view).ok\n"}

    pack = pack_of(before | rest, after | rest)

    assert "policy_of(view).ok" in shown(pack, "app/b.py")


def test_the_same_method_of_a_sibling_class_is_shown() -> None:
    memory = "class MemoryStore(Store):\n    def fetch_all(self, key):\n        pass\n"
    disk = memory.replace("Memory", "Disk").replace("pass", "return open(key)")
    other = memory.replace("(Store)", "").replace("Memory", "Other")
    rest = {"app/disk.py": disk, "lib/other.py": other}
    after = {"app/memory.py": memory.replace("pass", "return {}[key]")}

    pack = pack_of({"app/memory.py": memory} | rest, after | rest)

    assert "return open(key)" in shown(pack, "app/disk.py")
    assert not shown(pack, "lib/other.py")


def test_the_function_around_a_hunk_is_shown_without_the_lines_of_the_hunk() -> None:
    lines = [f"    step_{at}()" for at in range(30)]
    before = "\n".join(["def job():", *lines, ""])
    after = before.replace("step_15()", "step_15(again=True)")

    pack = pack_of({"a.py": before}, {"a.py": after})

    text = shown(pack, "a.py")
    assert reasons(pack) == ["around the change, in `job` @ a.py"]
    assert "def job():" in text
    assert "step_29()" in text
    assert "step_15" not in text
    assert "step_13" not in text


def test_of_a_long_function_its_head_and_the_lines_near_the_change_are_shown() -> None:
    before = "\n".join(["def job():", *(f"    step_{at}()" for at in range(300)), ""])

    pack = pack_of({"a.py": before}, {"a.py": before.replace("_150()", "_150(1)")})

    (excerpt,) = excerpts(pack)
    assert excerpt["lines"][0] == "    1 def job():"
    assert "  137     step_135()" in excerpt["lines"]
    assert "  136     step_134()" not in excerpt["lines"]


def test_methods_that_share_the_guarded_state_are_shown() -> None:
    close = """\
class Pool:
    def close(self):
        with self._lock:
            self._free.clear()
"""
    give = """\
    def give_back(self, connection):
        with self._lock:
            self._free.append(connection)

    def name_of(self):
        return self.title
"""
    before = close + "\n".join(f"    A_{at} = {at}" for at in range(9)) + "\n\n" + give
    after = before.replace(
        "            self._free.clear()",
        "            self._stop()\n            self._free.clear()",
    )

    pack = pack_of({"pool.py": before}, {"pool.py": after})

    assert "self._free.append(connection)" in shown(pack, "pool.py")
    assert "self.title" not in shown(pack, "pool.py")


def test_methods_that_go_on_using_what_a_changed_one_no_longer_does_are_shown() -> None:
    work = "class Worker:\n    def work(self):\n        wait(self.ttl - 15)\n"
    filler = "\n".join(f"    A_{at} = {at}" for at in range(9))
    beat = "    def heartbeat(self):\n        expire(self.key, self.ttl + 60)\n"
    before = f"{work}\n{filler}\n\n{beat}"

    pack = pack_of({"w.py": before}, {"w.py": before.replace("self.ttl - 15", "405")})

    assert "expire(self.key, self.ttl + 60)" in shown(pack, "w.py")


def test_the_definition_of_what_a_new_line_calls_is_shown() -> None:
    rest = {"app/wait.py": "def join_all(threads):\n    [t.join() for t in threads]\n"}
    before = {"app/a.py": "def stop(threads):\n    pass\n"}
    after = {"app/a.py": "def stop(threads):\n    join_all(threads)\n"}

    pack = pack_of(before | rest, after | rest)

    assert "t.join() for t in threads" in shown(pack, "app/wait.py")


def test_a_setting_that_nothing_sets_is_said_so() -> None:
    rest = {
        "app/settings.py": "S3_REGION = 'eu'\n",
        "tests/test_a.py": "S3_BUCKET = 1\n",
    }
    rest["deploy.yml"] = "env:\n      - S3_ZONE: a\n"
    read = "settings.S3_BUCKET, settings.S3_REGION, settings.S3_ZONE"
    after = {"app/a.py": f"def put():\n    go({read})\n"}

    pack = pack_of({"app/a.py": "def put():\n    go()\n"} | rest, after | rest)

    (said,) = [each for each in excerpts(pack) if not each["lines"]]
    assert (
        said["why"] == "nothing outside tests sets `S3_BUCKET`, which this line reads"
    )
    assert said["at"] == "app/a.py:2-2"


def test_a_key_of_a_settings_file_leads_to_the_program_that_reads_it() -> None:
    rest = {"app/settings.py": 'HOST = os.getenv("DB_HOST", "")\n'}
    file = "compose.yml"
    text = "services:\n  web:\n    environment:\n      DB_HOST: {}\n"

    pack = pack_of({file: text.format("a")} | rest, {file: text.format("b")} | rest)

    assert 'os.getenv("DB_HOST", "")' in shown(pack, "app/settings.py")


MODEL = "from django.db import models\n\n\nclass Ping(models.Model):\n    {}\n"
OLDER = """\
class Migration(migrations.Migration):
    operations = [
        migrations.AddField(model_name="ping", name="n", field=models.IntegerField()),
    ]
"""


def test_the_newest_migrations_stand_beside_a_changed_model() -> None:
    rest = {f"app/migrations/000{at}_x.py": OLDER for at in range(1, 6)}
    before = {"app/models.py": MODEL.format("n = models.IntegerField()")}
    after = {"app/models.py": MODEL.format("n = models.BigIntegerField()")}

    found = reasons(pack_of(before | rest, after | rest))

    assert [each for each in found if "migration" in each] == [
        "an earlier migration that names `ping` @ app/migrations/0005_x.py",
        "an earlier migration that names `ping` @ app/migrations/0004_x.py",
    ]


def test_the_model_stands_beside_a_new_migration() -> None:
    rest = {"app/models.py": MODEL.format("n = models.IntegerField()")}

    pack = pack_of(rest, {"app/migrations/0002_y.py": OLDER} | rest)

    assert "class Ping(models.Model):" in shown(pack, "app/models.py")


def test_a_change_of_comments_and_documentation_alone_has_no_evidence() -> None:
    before = (
        'LIMIT_ALL = 5  \n\n\ndef load_all(a):\n    """Load."""\n    # now\n    go(a)\n'
    )
    after = before.replace('"""Load."""', '"""Load\n\n    all."""').replace(
        "now", "later"
    )
    rest = {"b.py": "load_all(LIMIT_ALL)\n"}

    assert pack_of({"a.py": before} | rest, {"a.py": after} | rest).of == {}


def test_documents_alone_are_not_looked_around() -> None:
    before, after = {"docs/a.md": "load_all: 1\n"}, {"docs/a.md": "load_all: 2\n"}

    assert pack_of(before, after).of == {}


def test_a_change_of_tests_alone_shows_only_what_is_around_it() -> None:
    steps = "\n".join(f"    step_{at}()" for at in range(20))
    before = {"tests/test_a.py": f"def test_all(a):\n{steps}\n    check_all(1)\n"}
    after = {"tests/test_a.py": f"def test_all(a, b):\n{steps}\n    check_all(2)\n"}
    rest = {"app/a.py": "def check_all(x):\n    return test_all(x)\n"}

    assert reasons(pack_of(before | rest, after | rest)) == [
        "around the change, in `test_all` @ tests/test_a.py"
    ]


def test_names_that_stand_for_anything_are_not_followed() -> None:
    rest = {"b.py": "def use(x):\n    x.get(1)\n    run(x)\n"}
    before = {"a.py": "class A:\n    def get(self): ...\ndef run(): ...\n"}
    after = {"a.py": "class A:\n    def get(self, a): ...\ndef run(a): ...\n"}

    assert not shown(pack_of(before | rest, after | rest), "b.py")


def test_a_name_that_moved_to_another_file_is_not_removed() -> None:
    code = "def load_all(a):\n    return a\n"
    rest = {"c.py": "def use():\n    load_all(1)\n"}

    found = reasons(pack_of({"a.py": code} | rest, {"b.py": code} | rest))

    assert not any("removed" in each for each in found)


def test_uses_of_a_removed_name_are_shown_with_its_imports() -> None:
    rest = {"c.py": "from a import load_all\n\n\ndef use():\n    load_all(1)\n"}

    pack = pack_of({"a.py": "def load_all(a):\n    return a\n"} | rest, rest)

    assert "from a import load_all" in shown(pack, "c.py")
    assert "calls `load_all`, which is removed @ c.py" in reasons(pack)


def test_other_languages_are_read_by_their_lines() -> None:
    before = {"src/pool.ts": "export function openPool(size) {\n  return size;\n}\n"}
    after = {"src/pool.ts": before["src/pool.ts"].replace("(size)", "(size, wait)")}
    rest = {"src/main.ts": "function start() {\n  return openPool(3);\n}\n"}

    pack = pack_of(before | rest, after | rest)

    assert "calls `openPool`, whose signature changed @ src/main.ts" in reasons(pack)


def test_python_that_does_not_parse_is_read_by_its_lines() -> None:
    before = {"a.py": "def open_pool(size):\n    print size\n"}
    after = {"a.py": "def open_pool(size, wait):\n    print size\n"}
    rest = {"b.py": "def start():\n    return open_pool(3)\n"}

    found = reasons(pack_of(before | rest, after | rest))

    assert "calls `open_pool`, whose signature changed @ b.py" in found


def test_secrets_of_unchanged_files_are_replaced() -> None:
    secret = "gh" + "p_" + body(36)
    reader = READER.replace("started = now()", f'token = "{secret}"')
    rest = {"app/net/socket.py": reader}

    pack = pack_of(TIMEOUT | rest, {"app/defaults.py": "POOL_TIMEOUT = 60\n"} | rest)

    assert "«redacted:" in shown(pack, "app/net/socket.py")
    assert secret not in "".join(text for texts in pack.of.values() for text in texts)


def test_changed_files_that_were_not_read_before_are_read_and_redacted() -> None:
    secret = "gh" + "p_" + body(36)
    steps = "\n".join(f"    step_{at}()" for at in range(20))
    before = {"a.py": f'def job():\n    key = "{secret}"\n{steps}\n    go(1)\n'}
    after = {"a.py": before["a.py"].replace("go(1)", "go(2)")}

    pack = pack_of(before, after, heads={})

    assert "«redacted:" in shown(pack, "a.py")
    assert secret not in json.dumps(excerpts(pack))


def test_invisible_characters_of_the_head_are_escaped() -> None:
    rest = {
        "app/net/socket.py": READER.replace("now()", "now()  # \u202e\u200b\U000e0041")
    }

    pack = pack_of(TIMEOUT | rest, {"app/defaults.py": "POOL_TIMEOUT = 60\n"} | rest)

    text = "".join(text for texts in pack.of.values() for text in texts)
    assert "\\u202e\\u200b\\udb40\\udc41" in text
    assert not set("\u202e\u200b\U000e0041") & set(text)


def test_each_line_is_shown_once() -> None:
    before = padded("LIMIT_ONE = 1", "LIMIT_TWO = 2")
    rest = {"b.py": "def use():\n    a(LIMIT_ONE)\n    b(LIMIT_TWO)\n"}
    after = before.replace("= 1\n", "= 10\n", 1).replace(
        "LIMIT_TWO = 2", "LIMIT_TWO = 3"
    )

    pack = pack_of({"a.py": before} | rest, {"a.py": after} | rest)

    assert shown(pack, "b.py").count("a(LIMIT_ONE)") == 1


def test_a_snapshot_that_fails_is_a_note_and_the_changed_files_speak() -> None:
    lines = [f"    step_{at}()" for at in range(30)]
    before = {"a.py": "\n".join(["def job_now():", *lines, ""])}
    after = {"a.py": before["a.py"].replace("step_15()", "step_15(1)")}

    pack = pack_of(before, after, failure="no objects")

    assert reasons(pack) == ["around the change, in `job_now` @ a.py"]
    (note,) = pack.notes
    assert note.startswith("unchanged files were not searched")
    assert "no objects" in note
