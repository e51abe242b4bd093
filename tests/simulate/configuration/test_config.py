"""Configurations: what they mean, and what bad ones are told."""

import copy
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import InputError, load_config
from capgap.simulate.configuration.sweeps import sweep_values

GOOD = """\
name: quick
seed: 1
channel: {type: awgn, ebno_db: {start: 0, stop: 4, step: 1}}
curves:
  - {label: "Uncoded BPSK", code: {type: uncoded, k: 1000}}
  - {label: "Hamming (7,4)", code: {type: hamming, r: 3}, decoder: {type: syndrome}}
  - label: "LDPC"
    code: {type: ldpc, n: 96, k: 48, column_weight: 3}
    decoder: {type: bp, algorithm: sum-product, schedule: flooding, iterations: 50}
    channel: {ebno_db: {start: 0, stop: 2.5, step: 0.5}}
stop: {frame_errors: 100, frames: 1000000}
"""


def load(tmp_path: Path, text: str) -> Any:
    file = tmp_path / "c.yaml"
    file.write_text(text)
    return load_config(file)


def test_the_whole_meaning(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD)
    assert (config.name, config.seed) == ("quick", 1)
    assert [curve.link.label for curve in config.curves] == ["Uncoded BPSK", "Hamming (7,4)", "LDPC"]
    assert config.curves[0].values == (0, 1, 2, 3, 4)
    assert list(config.curves[2].values) == sweep_values({"start": 0, "stop": 2.5, "step": 0.5})
    assert config.stop.frame_errors == 100
    assert config.curves[0].link.decoder_text == "hard"
    assert "schedule=flooding" in config.curves[2].link.decoder_text
    assert config.curves[1].link.at(2).channel.esno_db == pytest.approx(2 - 2.43038, abs=1e-5)


def test_a_dict_means_the_same_as_a_file(tmp_path: Path) -> None:
    import yaml

    data = yaml.safe_load(GOOD)
    before = copy.deepcopy(data)
    assert [curve.keys for curve in load_config(data).curves] == [
        curve.keys for curve in load(tmp_path, GOOD).curves
    ]
    assert data == before


def test_defaults_written_out_change_no_key(tmp_path: Path) -> None:
    """A point's key depends on what is simulated, not on how it was written."""
    explicit = GOOD.replace("r: 3}", "r: 3, extended: false, shorten: 0}").replace(
        "iterations: 50", "iterations: 50, scale: 1, offset: 0.0, stop: syndrome"
    )
    same = [load(tmp_path, text).curves for text in (GOOD, explicit)]
    assert [link.keys for link in same[0]] == [link.keys for link in same[1]]
    relabelled = load(tmp_path, GOOD.replace("Uncoded BPSK", "other")).curves
    assert relabelled[0].keys == same[0][0].keys


@pytest.mark.parametrize(
    ("old", "new"), [("seed: 1", "seed: 2"), ("r: 3", "r: 4"), ("iterations: 50", "iterations: 49")]
)
def test_what_is_simulated_changes_the_key(tmp_path: Path, old: str, new: str) -> None:
    a = {key for curve in load(tmp_path, GOOD).curves for key in curve.keys}
    b = {key for curve in load(tmp_path, GOOD.replace(old, new)).curves for key in curve.keys}
    assert a != b


def test_keys_are_distinct(tmp_path: Path) -> None:
    keys = [key for curve in load(tmp_path, GOOD).curves for key in curve.keys]
    assert len(set(keys)) == len(keys) == 16


def test_a_file_counts_by_its_content(tmp_path: Path) -> None:
    """Moving a matrix file changes nothing, editing it does."""
    text = GOOD.replace("n: 96, k: 48, column_weight: 3", "qc: {name}")
    contents = {
        "a.qc": "3 2 4\n0 1 2\n3 -1 0\n",
        "b.qc": "3 2 4\n0 1 2\n3 -1 0\n",
        "c.qc": "3 2 4\n0 1 2\n3 -1 1\n",
    }
    keys = []
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
        keys.append(load(tmp_path, text.replace("{name}", name)).curves[2].keys)
    assert keys[0] == keys[1] != keys[2]


def test_stop_without_a_sure_end_gets_one(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD.replace(", frames: 1000000", "")).stop.frames == 100_000_000
    assert load(tmp_path, GOOD.replace("frames: 1000000", "seconds: 3")).stop.frames is None


def test_channel_override(tmp_path: Path) -> None:
    text = GOOD.replace("channel: {ebno_db: {start: 0, stop: 2.5, step: 0.5}}", "channel: {esno_db: [1, 2]}")
    curve = load(tmp_path, text).curves[2]
    assert (curve.link.parameter, curve.values) == ("esno_db", (1, 2))
    text = GOOD.replace(
        "channel: {ebno_db: {start: 0, stop: 2.5, step: 0.5}}", "channel: {type: bsc, f: 0.1}"
    )
    assert load(tmp_path, text).curves[2].link.parameter == "f"


def test_changes_from_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(GOOD)
    config = load_config(file, seed=9, changes=("stop.frame_errors=7", "curves.1.code.r=4", "plot.title=T"))
    assert (config.seed, config.stop.frame_errors, config.curves[1].link.code.n) == (9, 7, 15)
    assert config.plot.title == "T"
    for change in ("stop", "curves.9.code.r=4", "name.x=3", "=3", "curves.x=1"):
        with pytest.raises(InputError, match="--set"):
            load_config(file, changes=(change,))
    with pytest.raises(InputError, match="r must lie in 2 to 16"):
        load_config(file, changes=("curves.1.code.r=40",))


SWEEP = "channel: {type: awgn, ebno_db: {start: 0, stop: 4, step: 1}}"
NO_OVERRIDE = "    channel: {ebno_db: {start: 0, stop: 2.5, step: 0.5}}\n"
UNCODED = "{type: uncoded, k: 1000}"
CONVOLUTIONAL = "{type: convolutional, generators: [133, 171], k: 4}"
TURBO = "{type: turbo, forward: [15], feedback: 13, k: 4}"
REGULAR = "n: 96, k: 48, column_weight: 3"

#: name of the case: (replacements, line of the mistake, words of the message)
BAD: dict[str, tuple[list[tuple[str, str]], int, str]] = {
    "unknown key": ([("channel: {type", "chanel: {type")], 3, "Did you mean 'channel'?"),
    "unknown code": ([("type: hamming", "type: haming")], 6, "Did you mean 'hamming'?"),
    "unknown decoder": ([("type: syndrome", "type: sindrome")], 6, "Did you mean 'syndrome'?"),
    "unknown channel": ([("type: awgn", "type: agwn")], 3, "Did you mean 'awgn'?"),
    "unknown parameter": ([("r: 3", "R: 3")], 6, "unknown key 'R'. Did you mean 'r'?"),
    "missing parameter": ([("type: hamming, r: 3", "type: hamming")], 6, "'r' is missing"),
    "text for a number": ([("r: 3", "r: three")], 6, "r must be a whole number, got 'three'"),
    "fraction for a count": ([("r: 3", "r: 3.5")], 6, "r must be a whole number, got 3.5"),
    "truth for a number": ([("r: 3", "r: true")], 6, "r must be a whole number, got True"),
    "r out of range": ([("r: 3", "r: 1")], 6, "r must lie in 2 to 16, got 1"),
    "k out of range": ([("k: 1000", "k: 0")], 5, "at least 1"),
    "decoder refuses": ([("type: syndrome", "type: majority")], 6, "Decoders that take this code: syndrome, ml, trellis,"),
    "ml too large": ([("r: 3}, decoder: {type: syndrome", "r: 16}, decoder: {type: ml")], 6, "up to k = 16"),
    "bad choice": ([("sum-product", "sum-produkt")], 9, "Did you mean 'sum-product'?"),
    "no iterations": ([("iterations: 50", "iterations: 0")], 9, "iterations must be at least 1, got 0"),
    "scale without min-sum": ([("iterations: 50", "scale: 0.8")], 9, "scale belongs to min-sum"),
    "sweep to nowhere": ([("stop: 4,", "stop: -1,")], 3, "ebno_db has no values"),
    "empty sweep": ([("{start: 0, stop: 4, step: 1}", "[]")], 3, "ebno_db is an empty list"),
    "not a number": ([("stop: 4,", "stop: .nan,")], 3, "numbers must be finite"),
    "infinite": ([("stop: 4,", "stop: .inf,")], 3, "numbers must be finite"),
    "huge Eb/N0": ([("{start: 0, stop: 4, step: 1}", "1000")], 3, "ebno_db must lie in [-100, 100] dB, got 1000"),
    "SNR of which kind": ([("ebno_db: {start: 0, stop: 4, step: 1}", "snr: [1]")], 3, "unknown key 'snr'. Did you mean 'snr_db'? Known here: ebno_db (Eb/N0 in dB, with Eb = Es / R), esno_db (Es/N0 in dB), snr_db (Es / sigma^2 in dB, which is 2 Es/N0: 3.01 dB more than esno_db)"),
    "Es/N0 out of range": ([("ebno_db: {start: 0, stop: 4, step: 1}", "ebno_db: -100"), (UNCODED, "{type: spc, n: 2}")], 3, "Es/N0 must lie in [-100, 100] dB, and is -103.01 dB at ebno_db = -100: Es/N0 = R Eb/N0 with R = 0.5"),
    "half the SNR out of range": ([("ebno_db: {start: 0, stop: 4, step: 1}", "snr_db: -99")], 3, "Es/N0 must lie in [-100, 100] dB, and is -102.01 dB at snr_db = -99: Es/N0 = SNR / 2"),
    "two parameters": ([("step: 1}}", "step: 1}, esno_db: 1}")], 3, "one of ebno_db or esno_db or snr_db, not ebno_db and esno_db"),
    "no parameter": ([(", ebno_db: {start: 0, stop: 4, step: 1}", "")], 3, "needs the values of ebno_db or esno_db or snr_db: ebno_db (Eb/N0"),
    "one of two parameters that are both needed": ([(SWEEP, "channel: {type: bsec, f: [0.1]}"), (NO_OVERRIDE, "")], 3, "bsec needs f and epsilon, one of them with its values"),
    "both of two parameters swept": ([(SWEEP, "channel: {type: bsec, f: [0.1], epsilon: {start: 0, stop: 1, step: 0.1}}"), (NO_OVERRIDE, "")], 3, "bsec takes several values of one of f and epsilon alone"),
    "f above what epsilon leaves": ([(SWEEP, "channel: {type: bsec, f: [0.1, 0.45], epsilon: 0.2}"), (NO_OVERRIDE, "")], 3, "f, the crossover probability, must lie in [0, 0.4], which is (1 - epsilon) / 2, got 0.45"),
    "f above 1/2": ([(SWEEP, "channel: {type: bsc, f: [0.1, 0.6]}"), (NO_OVERRIDE, "")], 3, "in [0, 1/2], got 0.6"),
    "negative f": ([(SWEEP, "channel: {type: bsc, f: -0.1}"), (NO_OVERRIDE, "")], 3, "in [0, 1/2], got -0.1"),
    "epsilon above 1": ([(SWEEP, "channel: {type: bec, epsilon: 1.5}"), (NO_OVERRIDE, "")], 3, "in [0, 1], got 1.5"),
    "no channel": ([(SWEEP, ""), (NO_OVERRIDE, "")], 1, "there is no channel"),
    "degrees that do not fit": ([("k: 48", "k: 43")], 8, "k = 43 does not fit"),
    "k above n": ([("k: 48", "k: 98")], 8, "k must lie in 1 to n - 1 = 95"),
    "no such alist": ([(REGULAR, "alist: no.alist")], 8, "no.alist: there is no such file"),
    "two ways": ([(REGULAR, "alist: a, qc: b")], 8, "takes one of parity_check, alist, qc"),
    "unknown standard": ([(REGULAR, "standard: wimacs, n: 576, rate: 1/2")], 8, "Did you mean 'wimax'?"),
    "rate as a number": ([(REGULAR, "standard: wifi, n: 648, rate: 0.5")], 8, "rate must be text such as 1/2, got 0.5"),
    "one of two rates": ([(REGULAR, "standard: wimax, n: 576, rate: 2/3")], 8, "rate must be 2/3A or 2/3B for wimax"),
    "no such length": ([(REGULAR, "standard: wifi, n: 649, rate: 1/2")], 8, "n must be 648, 1296 or 1944 for wifi, got 649"),
    "half an ensemble": ([(", column_weight: 3", "")], 8, "missing: column_weight"),
    "file for a number": ([(REGULAR, "alist: 5")], 8, "alist must be the name of a file, got 5"),
    "ragged rows": ([(UNCODED, "{type: linear, generator: [[1, 0], [1]]}")], 5, "rows differ in length"),
    "not binary": ([(UNCODED, "{type: linear, generator: [[1, 2], [1, 0]]}")], 5, "only 0 and 1"),
    "rows without quotes": ([(UNCODED, "{type: linear, generator: [101, 110]}")], 5, 'rows such as ["10", "01"]'),
    "no matrix": ([(UNCODED, "{type: linear}")], 5, "takes one of generator and parity_check"),
    "no information": ([(UNCODED, "{type: linear, parity_check: [[1, 0], [0, 1]]}")], 5, "no codeword but zero"),
    "folder in the name": ([("name: quick", "name: ../quick")], 1, "plain folder name"),
    "no name": ([("name: quick\n", "")], 1, "'name' is missing"),
    "negative seed": ([("seed: 1", "seed: -1")], 2, "seed must be at least 0"),
    "label twice": ([("Hamming (7,4)", "Uncoded BPSK")], 6, "two curves have the label 'Uncoded BPSK'"),
    "no code": ([(f", code: {UNCODED}", "")], 5, "'code' is missing"),
    "code as a number": ([(UNCODED, "5")], 5, "code must be a mapping such as {type: hamming, r: 3}, got 5"),
    "code by a name that is not enough": ([(UNCODED, "uncoded")], 5, "'k' is missing, which uncoded needs"),
    "channel by a name that is not enough": ([(SWEEP, "channel: awgn"), (NO_OVERRIDE, "")], 3, "needs the values of ebno_db"),
    "a name for a figure": ([("seed: 1", "seed: 1\nplot: {kinds: exits}")], 3, "kinds must be 'error-rates', 'capacity-plane'"),
    "a target without its kind": ([("seed: 1", "seed: 1\ntarget: 1e-3")], 3, "target must be a mapping such as {fer: 1e-3}, got 0.001"),
    "a fraction of a frame": ([("frames: 1000000", "frames: 1.5")], 11, "frames must be a whole number, got 1.5"),
    "a code to come": ([("type: hamming", "type: lattice")], 6, "there is no code 'lattice' in this version. Known: uncoded, "),
    "a decoder to come": ([("type: syndrome", "type: neural")], 6, "there is no decoder 'neural' in this version. Known: hard, "),
    "a channel to come": ([("type: awgn", "type: underwater")], 3, "there is no channel 'underwater' in this version. Known: bsc, bec, awgn, bsec, z, asymmetric, "),
    "a modulation for a channel": ([("type: awgn", "type: qpsk")], 3, "'qpsk' is a modulation, not a channel: give it as 'modulation'"),
    "a decoder for a code": ([("type: hamming", "type: bp")], 6, "'bp' is a decoder, not a code. Known: uncoded, "),
    "an unknown modulation": ([("seed: 1", "seed: 1\nmodulation: scma")], 3, "there is no modulation 'scma'"),
    "a modulation that is none yet": ([("type: awgn", "type: 16-qam")], 3, "'16-qam' is a modulation, not a channel, and this version"),
    "code without type": ([("type: uncoded, k", "k")], 5, "code needs a type"),
    "unknown stop": ([("frame_errors: 100", "frame_error: 100")], 11, "Did you mean 'frame_errors'?"),
    "stop at 0": ([("frame_errors: 100", "frame_errors: 0")], 11, "frame_errors must be at least 1"),
    "unknown limit": ([("seed: 1", "seed: 1\nplot: {limits: [shanon]}")], 3, "Did you mean 'shannon'?"),
    "no panels": ([("seed: 1", "seed: 1\nplot: {y: []}")], 3, "at least one entry"),
    "swept to a bad value": ([(UNCODED, "{type: uncoded}, sweep: {code.k: [1, 0]}")], 5, "at least 1"),
    "bad sweep path": ([(UNCODED, f"{UNCODED}, sweep: {{k: [1, 2]}}")], 5, "paths begin with code."),
    "no octal digits": ([(UNCODED, CONVOLUTIONAL.replace("171", "178"))], 5, "generators must be octal digits as in textbooks, 133 or '133', the most significant bit for the current input, got 178"),
    "no octal digits for one": ([(UNCODED, "{type: convolutional, generators: [15], feedback: 18, k: 4}")], 5, "feedback must be octal digits as in textbooks, 133 or '133', the most significant bit for the current input, got 18"),
    "one generator alone": ([(UNCODED, "{type: convolutional, generators: 133, k: 4}")], 5, "generators must be a list of octal digits such as [133, 171], got 133"),
    "a generator for a turbo code": ([(UNCODED, "{type: turbo, forward: 15, feedback: 13, k: 4}")], 5, "forward must be a list of octal digits such as [133, 171], got 15"),
    "a generator that is 0": ([(UNCODED, CONVOLUTIONAL.replace("171", "171, 0"))], 5, "generators: an output whose polynomials are 0 is always 0"),
    "a turbo code's generator that is 0": ([(UNCODED, TURBO.replace("[15]", "[0]"))], 5, "forward has 0, whose output is always 0"),
    "a turbo code of rate 2": ([(UNCODED, TURBO.replace("13,", "13, puncture: ['00', '00', '01'], termination: truncated,"))], 5, "puncture leaves 2 coded bits for 4 information bits"),
    "n beyond measure": ([(UNCODED, "{type: convolutional, standard: lte, k: 40, n: 1e9}")], 5, "n must be at most 10000000, got 1000000000"),
    "n beyond measure of a turbo code": ([(UNCODED, "{type: turbo, standard: lte, k: 40, n: 1e9}")], 5, "n must be at most 10000000, got 1000000000"),
    "k beyond measure": ([(UNCODED, CONVOLUTIONAL.replace("k: 4", "k: 1e12"))], 5, "k must be at most 10000000, got 1000000000000"),
    "interleaver of parts": ([(UNCODED, TURBO.replace("13,", "13, interleaver: [0, 0.5],"))], 5, "interleaver, entry 2, must be a whole number, got 0.5"),
    "interleaver of a kind there is not": ([(UNCODED, TURBO.replace("13,", "13, interleaver: randm,"))], 5, "interleaver must be random, s-random, qpp, arp, block, convolutional, a list of numbers or a file, and there is no file randm"),
    "interleaver of a curve": ([(f"code: {UNCODED}", f"code: {UNCODED}, interleaver: helical")], 5, "interleaver must be none, random, s-random, qpp, arp, block, convolutional, dvb-s2, nr or a list of numbers, got 'helical'"),
    "interleaver misspelt": ([(f"code: {UNCODED}", f"code: {UNCODED}, interleaver: randm")], 5, "got 'randm'. Did you mean 'random'?"),
    "a value of several forms": ([(f"code: {UNCODED}", f"code: {UNCODED}, channel: {{type: rayleigh, ebno_db: [1],\n   coherence: fram}}")], 6, "coherence must be 'symbol' or 'frame' or a whole number or a mapping, got 'fram'. Did you mean 'frame'?"),
    "the channel's own check": ([(f"code: {UNCODED}", f"code: {UNCODED}, channel: {{type: rayleigh, ebno_db: [1],\n   csi: {{noisy_d: 1}}}}")], 6, "csi must be perfect, none or {noisy_db: number}"),
    "the modulation's own check": ([(f"code: {UNCODED}", f"code: {UNCODED}, modulation: {{type: apsk, rings: [4, 12]}}")], 5, "apsk needs a standard"),
    "code on a tag": ([("seed: 1", "seed: !!python/name:os.system 1")], 2, "is not allowed"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_configurations_are_told_where_and_what(tmp_path: Path, case: str) -> None:
    replacements, line, words = BAD[case]
    text = GOOD
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(InputError) as caught:
        load(tmp_path, text)
    message = str(caught.value)
    assert words in message
    assert f"{tmp_path / 'c.yaml'}:{line}: " in message
    assert len(message.splitlines()) == 1


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, GOOD.replace("r: 3", "r: 1").replace("iterations: 50", "iterations: 0"))
    assert [line.split(": ")[0][-2:] for line in str(caught.value).splitlines()] == [":6", ":9"]


def test_a_malformed_matrix_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.alist").write_text("3 2\n1 2\n1 1 1\n2 1\n1\n1\n7\n1 2\n3\n")
    with pytest.raises(InputError, match=r"c.yaml:8: .*bad.alist:7: index 7 is out of range"):
        load(tmp_path, GOOD.replace(REGULAR, "alist: bad.alist"))


def test_mistakes_in_a_dict_are_told_by_their_path() -> None:
    with pytest.raises(InputError, match=r"^curves.0.code.r: r must lie in 2 to 16, got 1$"):
        load_config(
            {
                "name": "a",
                "channel": {"type": "bsc", "f": 0.1},
                "curves": [{"label": "a", "code": {"type": "hamming", "r": 1}}],
            }
        )
