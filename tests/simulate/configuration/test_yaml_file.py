"""Reading YAML: plain data with lines, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from capgap.simulate.configuration.yaml_file import dump_yaml, parse_value, read_yaml
from capgap.simulate.errors import InputError

from tests.properties import given, st


def read(tmp_path: Path, text: str) -> Any:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    return read_yaml(file).data


def test_numbers_and_text_follow_yaml_1_2(tmp_path: Path) -> None:
    data = read(tmp_path, "a: 1e-3\nb: no\nc: 0x1f\nd: ~\ne: 1_0\nf: 012\ng: 'true'\nh: True\ni: .5\nj: -3")
    assert data == {
        "a": 0.001, "b": "no", "c": 31, "d": None, "e": "1_0", "f": 12, "g": "true", "h": True,
        "i": 0.5, "j": -3,
    }  # fmt: skip


def test_a_number_in_octal_remembers_its_digits(tmp_path: Path) -> None:
    number = read(tmp_path, "a: 0o171")["a"]
    assert number == 121
    assert number.written == "0o171"
    assert dump_yaml({"a": number}) == "{a: 121}\n"


def test_lines_of_values(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\nb:\n  - c: 2\n  - {d: 3,\n     e: 4}\n")
    document = read_yaml(file)
    assert document.where(("b", 0, "c")) == f"{file}:3"
    assert document.where(("b", 1, "e")) == f"{file}:5"
    assert document.where(("b", 1, "nothing", "here")) == f"{file}:4"


def test_anchors_and_merges(tmp_path: Path) -> None:
    assert read(tmp_path, "a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\nc: *x") == {
        "a": {"p": 1, "q": 2},
        "b": {"p": 1, "q": 3},
        "c": {"p": 1, "q": 2},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("- 1", "1: a configuration is a mapping"),
        ("a: [1", "not valid YAML"),
        ("a: 1\na: 2", "2: the key 'a' is given twice"),
        ("a: .nan", "finite"),
        ("a: 1\nb: -.inf", "2: -.inf"),
        ("a: 1e999", "finite"),
        ("a: !!python/name:os.system x", "tag"),
        ("a: !mine x", "tag !mine"),
        ("a: !!binary aGk=", "tag"),
        ("!!set {a, b}", "tag"),
        ("? [1]\n: 2", "key must be plain text"),
        ("a: &a [*a]", "1: the value holds itself, by an alias"),
        ("b: 1\na: &a\n  <<: *a", "2: the value holds itself"),
        ("a: &a {b: 1, <<: [{c: 2}, *a]}", "1: the value holds itself"),
        ("a: &a {b: &b {<<: *a}}", "1: the value holds itself"),
        (
            "a0: &a0 {x: 1}\n" + "\n".join(f"a{i}: &a{i} {{<<: *a{i - 1}}}" for i in range(1, 2000)),
            "too deeply",
        ),
        ("a: " + "{<<: " * 300 + "{}" + "}" * 300, "nested too deeply"),
        ("\n".join(" " * i + "a:" for i in range(60)), "51: it is nested too deeply"),
        ("a: {<<: [{b: 1}, 2]}", "<< takes a mapping"),
        ("a: <<", "<< stands for a key here"),
        ('a: 1\nb: "\\UFFFFFFFF"', "2: not valid YAML: an escape stands for no Unicode character"),
        ('a: "\\U00110000"', "1: not valid YAML: an escape stands for no Unicode character"),
        ('a: "\\uD800"', "1: half of a surrogate pair"),
        ('"\\uDE00\\uD83D": 1', "1: half of a surrogate pair"),
        ("a: 0x" + "f" * 20_000, "cannot be read as a number: it is too long"),
        ("a: 0o" + "7" * 20_000, "cannot be read as a number: it is too long"),
        ("a: -" + "9" * 4299, "cannot be read as a number: it is too long"),
        ("a: !!float ''", "'' cannot be read as a number"),
        ("a: !!int 1_0", "'1_0' cannot be read as a whole number"),
        ("a: !!bool x", "'x' cannot be read as true or false"),
        ("a: !!null x", "'x' cannot be read as null"),
        ("%YAML 1." + "9" * 5000 + "\n---\na: 1", "1: not valid YAML"),
        ("a: 1\nb: \x1b[31m", "2: not valid YAML: the character U+001B"),
        ("a: {<<: 3}", "<< takes a mapping"),
        ("a: \x00", "not valid YAML"),
        ("a: " + "9" * 5000, "cannot be read as a number"),
        ("a: " + "[" * 3000, "not valid YAML"),
        ("---\na: 1\n---\nb: 1", "not valid YAML"),
    ],
)
def test_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert words in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "a.yaml"))


def test_values_at_the_limits(tmp_path: Path) -> None:
    """JSON writes characters beyond U+FFFF as two escapes; bytes of a file's name may be no UTF-8."""
    assert read(tmp_path, 'a: "\\ud83d\\ude00"\nb: "\\U0010FFFF"\nc: "caf\\udce9"') == {
        "a": "\U0001f600",
        "b": "\U0010ffff",
        "c": "caf\udce9",
    }
    assert read(tmp_path, f"a: {2**1000}\nb: 0.{'1' * 20_000}\nc: {'[' * 48}{']' * 48}\nd: 2001-01-01") != {}
    assert read(tmp_path, dump_yaml({"c": "caf\udce9"})) == {"c": "caf\udce9"}


def test_aliases_cannot_fill_the_memory(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(InputError, match="too much"):
        read(tmp_path, "\n".join(lines))


def test_not_text(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    for encoding, words in [("utf-16", "UTF-8"), ("utf-16-le", r"a.yaml:1: .*U\+0000"), ("utf-32", "UTF-8")]:
        file.write_bytes("a: 1".encode(encoding))
        with pytest.raises(InputError, match=words):
            read_yaml(file)
    file.write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_yaml(file).data == {"a": 1}
    with file.open("wb") as opened:
        opened.truncate(1 << 27)
    with pytest.raises(InputError, match="it has more than 5 MB"):
        read_yaml(file)
    with pytest.raises(InputError, match="not the name of a file"):
        read_yaml("a\0b")
    file.write_bytes(b"a: \xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        read_yaml(file)
    with pytest.raises(InputError, match="no such file"):
        read_yaml(tmp_path / "b.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        read_yaml(tmp_path)


def test_value_of_an_option() -> None:
    assert parse_value("[1, 2.5, x]", "--set") == [1, 2.5, "x"]
    for text in ("[1", '"\\UFFFFFFFF"', "%YAML 1." + "9" * 5000 + "\n---\na: 1", "\x1b"):
        with pytest.raises(InputError, match="--set a=b: the value is not valid YAML"):
            parse_value(text, "--set a=b")


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
)
KEYS = st.text("abcdef-_ :", min_size=1, max_size=8)


@given(data=st.dictionaries(KEYS, st.recursive(SCALARS, st.lists, max_leaves=8)))
def test_what_is_written_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]
) -> None:
    file = tmp_path_factory.getbasetemp() / "round.yaml"
    file.write_text(dump_yaml(data), encoding="utf-8")
    if data:
        assert read_yaml(file).data == data
