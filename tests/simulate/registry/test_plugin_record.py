"""Results say which plugins made them, where somebody lacks one."""

from pathlib import Path

import pytest
from capgap.simulate import InputError, load_plugin, run
from capgap.simulate.analysis.frame_replay import replay
from capgap.simulate.registry import plugins, registry
from capgap.simulate.registry.plugin_record import missing_plugins, recorded_plugins

pytestmark = pytest.mark.usefixtures("plain_figures")

PLUGIN = """
from capgap.codes import HammingCode
from capgap.simulate import register_code

@register_code("mine-recorded")
class Mine(HammingCode):
    '''Mine.'''
    def __init__(self) -> None:
        super().__init__(r=3)
"""


@pytest.mark.usefixtures("clean_registry")
def test_what_needs_a_plugin_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its way from here, wherever that is; and what counted other frames is told with it too."""
    monkeypatch.chdir(tmp_path)
    plugins.loaded_plugins.clear()
    plugin, out = tmp_path / "my codes.py", tmp_path / "results" / "a"
    plugin.write_text(PLUGIN)
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": 0.1},
        "curves": [{"label": "A", "code": {"type": "mine-recorded"}}],
        "stop": {"frames": 100},
    }
    run(config, out="results/a", plugins=["my codes.py"])
    assert missing_plugins(out) == ""
    assert replay(out, "A", 0.1).frames_counted == 100
    del registry.codes._entries["mine-recorded"]
    plugins.loaded_plugins.clear()
    lacking = "there is no code 'mine-recorded'.*The run was made with plugins: add --plugin "
    with pytest.raises(InputError, match=f"{lacking}'my codes.py'"):
        replay(out, "A", 0.1)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(InputError, match=rf"config.yaml:\d+: {lacking}'../my codes.py'"):
        run(out / "config.yaml", save=False)
    plugin.write_text(PLUGIN + "# edited\n")
    load_plugin(str(plugin))
    with pytest.raises(InputError, match=r"a plugin \(the run had ../my codes.py\) or a file counted them"):
        replay(out, "A", 0.1)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"plugins": 3}', '{"plugins": [3, null]}', "[" * 100_000])
def test_records_that_do_not_say(text: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(text)
    assert recorded_plugins(tmp_path) == []
    assert missing_plugins(tmp_path) == ""
